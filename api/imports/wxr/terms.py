"""The authors, categories and tags of a WordPress export, declared or only used."""

from dataclasses import dataclass
from xml.etree.ElementTree import Element

from api.imports import text
from api.imports.notes import MAX_LABEL, MAX_NAME, MAX_SLUG, Notes
from api.imports.records import Author, Category, Tag
from api.imports.wxr.rows import Post, Term, values

MAX_TREE = 20
PRODUCT_CATEGORY = "product_cat"
READ_TAXONOMIES = {
    "author",
    "category",
    "post_tag",
    "product_cat",
    "product_tag",
    "product_type",
    "product_visibility",
}


@dataclass(frozen=True, slots=True)
class _Declared:
    name: str
    slug: str | None
    parent: str


class Terms:
    """The declared terms; looking one up adds it if it is missing."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._authors: dict[str, Author] = {}
        self._declared: dict[str, _Declared] = {}
        self._product_categories: dict[str, _Declared] = {}
        self._values: dict[tuple[str, str], str] = {}
        self._categories: dict[str, Category] = {}
        self._tags: dict[str, Tag] = {}

    @property
    def authors(self) -> tuple[Author, ...]:
        return tuple(self._authors.values())

    @property
    def categories(self) -> tuple[Category, ...]:
        """All of them, parents as declared, whether or not a row uses them."""
        for key in self._declared:
            self._category(key, ())
        return tuple(self._categories.values())

    @property
    def tags(self) -> tuple[Tag, ...]:
        return tuple(self._tags.values())

    def declare_author(self, element: Element) -> None:
        """A declared author, by display name."""
        v = values(element)
        login = v.get("wp:author_login", "")
        full = f"{v.get('wp:author_first_name', '')} {v.get('wp:author_last_name', '')}"
        shown = text.plain(v.get("wp:author_display_name")) or text.plain(full) or _public_name(login)
        self._add_author(login, shown)

    def declare_category(self, element: Element) -> None:
        """A category of articles."""
        v = values(element)
        name, slug = text.plain(v.get("wp:cat_name")), text.slug(v.get("wp:category_nicename"))
        self._declare(self._declared, name, slug, v.get("wp:category_parent", ""))

    def declare_tag(self, element: Element) -> None:
        """A tag of articles."""
        v = values(element)
        self._tag(text.plain(v.get("wp:tag_name")), text.slug(v.get("wp:tag_slug")))

    def declare_term(self, element: Element) -> None:
        """A term of any taxonomy."""
        v = values(element)
        taxonomy, parent = v.get("wp:term_taxonomy", ""), v.get("wp:term_parent", "")
        name, slug = text.plain(v.get("wp:term_name")), text.slug(v.get("wp:term_slug"))
        match taxonomy:
            case "category":
                self._declare(self._declared, name, slug, parent)
            case "post_tag":
                self._tag(name, slug)
            case "product_cat":
                self._declare(self._product_categories, name, slug, parent)
            case "product_tag" | "product_type" | "product_visibility":
                pass
            case _ if taxonomy.startswith("pa_"):
                self._values[taxonomy, slug or ""] = name
            case _:
                reason = "this taxonomy is not supported"
                self._notes.skip(f"{taxonomy} term", v.get("wp:term_id"), name, reason)

    def authors_of(self, post: Post) -> tuple[Author, ...]:
        """The co-authors that a plugin lists, or else the creator, if there is one."""
        together = [(term.slug or term.name, term.name) for term in post.in_domain("author")]
        creator = text.plain(post.creator.strip("<> "))
        names = together or ([(creator, _public_name(creator))] if creator else [])
        authors = [self._author(login, name) for login, name in names]
        return tuple(dict.fromkeys(authors))

    def categories_of(self, post: Post) -> tuple[Category, ...]:
        """The categories of an article, each once."""
        categories: dict[str, Category] = {}
        for term in post.in_domain("category"):
            if key := self._declare(self._declared, term.name, term.slug, ""):
                categories[key] = self._category(key, ())
        return tuple(categories.values())

    def tags_of(self, post: Post) -> tuple[Tag, ...]:
        """The tags of an article, each once."""
        tags = (self._tag(term.name, term.slug) for term in post.in_domain("post_tag"))
        return tuple(dict.fromkeys(tag for tag in tags if tag))

    def product_paths_of(self, post: Post) -> tuple[tuple[str, ...], ...]:
        """The categories of a product, each from the root down as far as the file declares parents."""
        return tuple(
            dict.fromkeys(self._path(term) for term in post.in_domain(PRODUCT_CATEGORY) if term.name)
        )

    def learn_values(self, post: Post) -> None:
        """Learn the names of attribute values; variations have only their slugs."""
        for term in post.terms:
            if term.domain.startswith("pa_"):
                self._values.setdefault((term.domain, term.slug or ""), term.name)

    def value_of(self, taxonomy: str, slug: str) -> str:
        """The name of an attribute value."""
        return self._values.get((taxonomy, slug), slug)

    def _add_author(self, login: str, name: str) -> Author:
        author = Author(external_id=f"author:{text.key(login or name)}", name=name[:MAX_NAME] or "Anonymous")
        return self._authors.setdefault(author.external_id, author)

    def _author(self, login: str, name: str) -> Author:
        key = text.key(login).removeprefix("cap-")
        for author in self._authors.values():
            known = author.external_id.removeprefix("author:")
            if key in {known, known.replace("@", "").replace(".", "-")} or author.name == name:
                return author
        return self._add_author(login, name)

    def _declare(self, where: dict[str, _Declared], name: str, slug: str | None, parent: str) -> str:
        key = text.key(slug or name)
        if key:
            where.setdefault(key, _Declared(name or slug or key, slug, text.key(parent)))
        return key

    def _category(self, key: str, below: tuple[str, ...]) -> Category:
        if known := self._categories.get(key):
            return known
        declared = self._declared[key]
        notes = self._notes.row("category", f"category:{key}", declared.name)
        parent = None
        if declared.parent in (*below, key):
            notes.warn("its parents form a cycle; it was moved to the top level")
        elif declared.parent in self._declared and len(below) < MAX_TREE:
            parent = self._category(declared.parent, (*below, key))
        elif declared.parent:
            notes.warn("its parent is not in this file")
        name, slug = notes.cut(declared.name, MAX_LABEL, "name"), _slug(declared.slug)
        category = Category(external_id=notes.external_id, name=name, slug=slug, parent=parent)
        return self._categories.setdefault(key, category)

    def _tag(self, name: str, slug: str | None) -> Tag | None:
        key = text.key(slug or name)
        if key and key not in self._tags:
            notes = self._notes.row("tag", f"tag:{key}", name or key)
            name = notes.cut(name or key, MAX_LABEL, "name")
            self._tags[key] = Tag(external_id=notes.external_id, name=name, slug=_slug(slug))
        return self._tags.get(key)

    def _path(self, term: Term) -> tuple[str, ...]:
        names, seen, key = [term.name[:MAX_LABEL]], set[str](), text.key(term.slug or term.name)
        while (declared := self._product_categories.get(key)) and declared.parent and key not in seen:
            seen.add(key)
            key = declared.parent
            names.insert(
                0, self._product_categories[key].name[:MAX_LABEL] if key in self._product_categories else key
            )
        return tuple(names)


def _slug(slug: str | None) -> str | None:
    return slug[:MAX_SLUG] if slug else None


def _public_name(login: str) -> str:
    """A login may be an e-mail address, which must not be published."""
    return login.partition("@")[0] if "@" in login else login
