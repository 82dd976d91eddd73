"""The models of Django's ORM."""

from __future__ import annotations

from django.db import models

from bench.peers import place


class Term(models.Model):
    """A tag or a category."""

    id = models.TextField(primary_key=True)
    kind = models.TextField()
    slug = models.TextField()
    name = models.TextField()

    class Meta:
        managed = False
        db_table = "terms"
        ordering = ("name",)


class Author(models.Model):
    """A byline."""

    id = models.TextField(primary_key=True)
    slug = models.TextField()
    name = models.TextField()

    class Meta:
        managed = False
        db_table = "authors"
        ordering = ("name",)


class Article(models.Model):
    """An article with its relations."""

    id = models.TextField(primary_key=True)
    type = models.TextField()
    slug = models.TextField()
    title = models.TextField()
    excerpt = models.TextField(null=True)
    language = models.TextField(null=True)
    image_id = models.TextField(null=True)
    image_url = models.TextField(null=True)
    image_alt = models.TextField(null=True)
    format = models.TextField()
    featured = models.BooleanField()
    comment_policy = models.TextField()
    comment_count = models.IntegerField()
    publish_at = models.TextField()
    listed_at = models.TextField()
    created_at = models.TextField()
    updated_at = models.TextField()
    body = models.TextField()
    body_html = models.TextField()
    authors = models.ManyToManyField(Author, through="ArticleAuthor")
    terms = models.ManyToManyField(Term, through="ArticleTerm")

    class Meta:
        managed = False
        db_table = "articles"
        ordering = ("-listed_at", "-id")

    @property
    def tags(self) -> list[Term]:
        return [term for term in self.terms.all() if term.kind == "tag"]

    @property
    def categories(self) -> list[Term]:
        return [term for term in self.terms.all() if term.kind == "category"]

    @property
    def image(self) -> dict[str, str] | None:
        if self.image_id is None:
            return None
        return {"id": self.image_id, "url": self.image_url, "alt": self.image_alt}

    @property
    def status(self) -> str:
        return "published"

    @property
    def published_at(self) -> str:
        return self.publish_at

    @property
    def url(self) -> str:
        return place.article_url(self.slug)


class ArticleTerm(models.Model):
    """The tags and categories of an article."""

    article = models.ForeignKey(Article, models.CASCADE, primary_key=True)
    term = models.ForeignKey(Term, models.CASCADE)

    class Meta:
        managed = False
        db_table = "article_terms"


class ArticleAuthor(models.Model):
    """The authors of an article."""

    article = models.ForeignKey(Article, models.CASCADE, primary_key=True)
    author = models.ForeignKey(Author, models.CASCADE)

    class Meta:
        managed = False
        db_table = "article_authors"
