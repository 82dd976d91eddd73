"""The reader of Ghost exports: posts and pages with authors and tags. Tables with secrets are not read."""

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime

from api.imports import dates, jsonfile, text
from api.imports.embeds import linked
from api.imports.errors import ImportRefused
from api.imports.ghost import lexical, mobiledoc, rows
from api.imports.ghost.rows import Id, Post, Tables, filled, place, refused
from api.imports.notes import MAX_LABEL, MAX_NAME, MAX_SLUG, MAX_SUMMARY, Notes, RowNotes, cut_body
from api.imports.records import Article, ArticleStatus, Author, Export, Image, Markup, Tag
from api.imports.sources import Readable, opened

Renderer = Callable[[str, Callable[[str], None]], str]
SITE_ADDRESS = "__GHOST_URL__"
READ = {"posts", "users", "tags", "posts_authors", "posts_tags", "posts_meta"}
_DATE_OF = {"year": "%Y", "month": "%m", "day": "%d"}
SECRET = {
    *("accesstokens", "api_keys", "brute", "client_trusted_domains", "clients", "integrations", "invites"),
    *("members", "members_stripe_customers", "refreshtokens", "sessions", "tokens", "webhooks"),
}
UNSUPPORTED = {
    *("canonical_url", "codeinjection_foot", "codeinjection_head", "custom_template", "email_subject"),
    *("feature_image_caption", "frontmatter", "meta_title", "og_description", "og_image"),
    *("og_title", "twitter_description", "twitter_image", "twitter_title"),
}


def read(
    source: Readable,
    *,
    currency_exponent: int = 2,  # noqa: ARG001 - all readers are called alike, and Ghost sells nothing here
    now: datetime | None = None,
) -> Export:
    """The records of the file, or ImportRefused with line and column or a JSON path."""
    with opened(source) as (stream, path):
        document = jsonfile.load(stream, path)
    if not rows.is_export(document):
        raise ImportRefused(path, "This JSON is not a Ghost export: it has no data.posts.")
    return _Site(document, path, now or datetime.now(UTC)).export()


class _Site:
    def __init__(self, document: object, path: str, now: datetime) -> None:
        self._document = document
        self._path = path
        self._now = now
        self._tables = rows.tables(document, path)
        self._notes = Notes()
        self._permalinks = next(
            (
                str(row.get("value") or "")
                for row in rows.rows_of(document, "settings")
                if row.get("key") == "permalinks"
            ),
            "",
        )
        self._authors = _authors(self._tables)
        self._tags = self._public_tags()
        self._authors_of: dict[Id, list[Author]] = defaultdict(list)
        for link in sorted(filled(self._tables.posts_authors), key=lambda link: link.sort_order or 0):
            if author := self._authors.get(link.author_id):
                self._authors_of[link.post_id].append(author)
            else:
                self._notes.unsupported("author", "an author who is not in this file")
        self._tags_of: dict[Id, list[Tag]] = defaultdict(list)
        every_tag = {tag.id for tag in filled(self._tables.tags)}
        for tagged in sorted(filled(self._tables.posts_tags), key=lambda link: link.sort_order or 0):
            if tag := self._tags.get(tagged.tag_id):
                self._tags_of[tagged.post_id].append(tag)
            elif tagged.tag_id not in every_tag:
                self._notes.unsupported("tag", "a tag that is not in this file")
        self._meta_of = {meta.post_id: meta for meta in filled(self._tables.posts_meta)}

    def export(self) -> Export:
        """The records; of two rows with one id, the first."""
        articles: dict[str, Article] = {}
        for index, post in enumerate(self._tables.posts or ()):
            if post is None or post.is_empty():
                self._notes.skip("post", None, f"row {index + 1}", "it is empty")
                continue
            article = self._article(index, post)
            if article.external_id in articles:
                self._notes.skip("post", article.external_id, article.title, "another row has the same id")
            else:
                articles[article.external_id] = article
        self._report_rest()
        return Export(
            format="ghost-json",
            source="ghost",
            authors=tuple(self._authors.values()),
            tags=tuple(self._tags.values()),
            articles=tuple(articles.values()),
            skipped=self._notes.skipped,
            warnings=self._notes.warnings,
        )

    def _article(self, index: int, post: Post) -> Article:
        external_id = f"post:{post.id or text.derived(post.slug or (post.title, post.created_at))}"
        label = text.plain(post.title)[:100] or post.slug or external_id
        notes = self._notes.row("page" if _is_page(post) else "post", external_id, label)
        created, updated, published = (
            self._moment(index, post, field) for field in ("created_at", "updated_at", "published_at")
        )
        hidden = self._hidden_because(post)
        status: ArticleStatus = "draft" if hidden else self._status(post, published, notes)
        body, markup = self._body(index, post, notes)
        body = linked(notes.cut_body(body), notes) if markup == "html" else notes.cut_body(body)
        first = self._authors.get(post.author_id) if post.author_id is not None else None
        return Article(
            external_id=external_id,
            type="page" if _is_page(post) else "article",
            title=notes.name(post.title, "title", [(post.slug or "").replace("-", " ").strip()]),
            slug=notes.slug(text.slug(post.slug)),
            body=cut_body(body),
            format=markup,
            status=status,
            excerpt=notes.cut(self._excerpt(post), MAX_SUMMARY, "excerpt"),
            publish_at=published if status != "draft" else None,
            created_at=created,
            updated_at=updated,
            authors=tuple(dict.fromkeys(self._authors_of[post.id])) or ((first,) if first else ()),
            tags=notes.tags(self._tags_of[post.id]),
            featured=bool(post.featured),
            image=self._image(post, notes),
            language=post.locale or None,
            hidden_because=hidden,
            addresses=self._addresses_of(post, published),
        )

    def _hidden_because(self, post: Post) -> str | None:
        meta = self._meta_of.get(post.id)
        if post.status == "sent" or (meta and meta.email_only):
            return "sent by e-mail only"
        public = post.visibility in (None, "", "public")
        return None if public else f"for {(post.visibility or '')[:40]} only"

    def _status(self, post: Post, published: datetime | None, notes: RowNotes) -> ArticleStatus:
        match post.status:
            case "published" | "scheduled" if published:
                return "scheduled" if published > self._now else "published"
            case "published":
                notes.warn("its date is unknown")
                return "published"
            case "draft" | "scheduled" | None:
                return "draft"
            case other:
                notes.warn(f"its status “{other[:40]}” is unknown; it becomes a draft")
                return "draft"

    def _body(self, index: int, post: Post, notes: RowNotes) -> tuple[str, Markup]:
        """The HTML that Ghost rendered, or else rendered from the editor's document."""
        if post.html:
            return text.clean(_relative(post.html)), "html"
        if post.lexical:
            return self._rendered(lexical.to_html, index, "lexical", post.lexical, notes), "html"
        if post.mobiledoc:
            return self._rendered(mobiledoc.to_html, index, "mobiledoc", post.mobiledoc, notes), "html"
        return text.clean(_relative(post.markdown or "")), "markdown" if post.markdown else "html"

    def _rendered(self, to_html: Renderer, index: int, field: str, document: str, notes: RowNotes) -> str:
        unknown: list[str] = []
        try:
            body = to_html(_relative(document), unknown.append)
        except ValueError as error:
            raise refused(self._path, place(self._document, "posts", index, field), error) from error
        for name in dict.fromkeys(unknown):
            notes.skip_part("card", name, "cards of this type are left out")
        return text.clean(body)

    def _addresses_of(self, post: Post, published: datetime | None) -> tuple[str, ...]:
        """The path on the old site; posts may have had one with their date."""
        slug = text.slug(post.slug)
        if not slug:
            return ()
        dated = self._permalinks if published and not _is_page(post) else ""
        for name, value in (("slug", slug), *(_DATE_OF.items() if published else ())):
            dated = dated.replace(f":{name}", value if name == "slug" else f"{published:{value}}")
        return tuple(dict.fromkeys((f"/{slug}/", *([dated] if dated and ":" not in dated else []))))

    def _excerpt(self, post: Post) -> str:
        """The excerpt, or else the description for search engines."""
        meta = self._meta_of.get(post.id)
        excerpt = text.plain(post.custom_excerpt)
        description = text.plain(post.meta_description or (meta.meta_description if meta else None))
        if description and excerpt not in ("", description):
            self._notes.unsupported("field", "meta_description beside an excerpt")
        return excerpt or description

    def _image(self, post: Post, notes: RowNotes) -> Image | None:
        url = post.feature_image or post.image
        address, meta = text.web_address(_relative(url)) if url else None, self._meta_of.get(post.id)
        if url and not address:
            notes.warn("its image has no valid URL and was left out")
        return (
            Image(url=address, alt=text.plain(meta.feature_image_alt if meta else "")[:1000])
            if address
            else None
        )

    def _moment(self, index: int, post: Post, field: str) -> datetime | None:
        try:
            return dates.moment_or_epoch(getattr(post, field))
        except ValueError as error:
            raise refused(self._path, place(self._document, "posts", index, field), error) from error

    def _public_tags(self) -> dict[Id, Tag]:
        tags: dict[Id, Tag] = {}
        for tag in filled(self._tables.tags):
            name = text.plain(tag.name) or tag.slug or ""
            if tag.visibility == "internal" or name.startswith("#") or not name:
                self._notes.skip("tag", f"tag:{tag.id}", name, "internal tags are not imported")
                continue
            notes = self._notes.row("tag", f"tag:{tag.id}", name)
            slug = text.slug(tag.slug)
            name = notes.cut(name, MAX_LABEL, "name")
            tags[tag.id or name] = Tag(
                external_id=f"tag:{tag.id or text.derived(name)}",
                name=name,
                addresses=(f"/tag/{slug}/",) if slug else (),
                slug=slug[:MAX_SLUG] if slug else None,
            )
        return tags

    def _report_rest(self) -> None:
        for table, count in rows.table_sizes(self._document):
            if table in SECRET:
                self._notes.warn("table", None, table, "may contain secrets or personal data; not read")
            if table not in READ:
                self._notes.skip("table", None, table, f"not supported; {count} rows")
        if any(user.get("password") for user in rows.rows_of(self._document, "users")):
            self._notes.warn("table", None, "users", "contains password hashes; not read")
        for table in ("posts", "posts_meta"):
            for row in rows.rows_of(self._document, table):
                for field in UNSUPPORTED & row.keys():
                    if row[field]:
                        self._notes.unsupported("field", f"{table}.{field}")


def _authors(tables: Tables) -> dict[Id, Author]:
    return {
        user.id or user.slug or user.name: Author(
            external_id=f"user:{user.id or text.derived(user.slug or user.name)}",
            name=text.plain(user.name)[:MAX_NAME] or user.slug or "Anonymous",
            slug=text.slug(user.slug),
        )
        for user in filled(tables.users)
    }


def _is_page(post: Post) -> bool:
    return post.type == "page" or bool(post.page)


def _relative(content: str) -> str:
    return content.replace(SITE_ADDRESS, "")
