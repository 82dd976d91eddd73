"""The authors, categories and tags of a WordPress export, declared or only used."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from api.imports import text
from api.imports.notes import MAX_LABEL, MAX_NAME, MAX_SLUG, Notes
from api.imports.records import Author, Category, Person, Tag
from api.imports.wxr.rows import Post, Term, base_path, taxonomy_of, values

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
    "product_brand",
    "pwb-brand",
    "yith_product_brand",
}


@dataclass(frozen=True, slots=True)
class _Declared:
    name: str
    slug: str | None
    parent: str
    id: str


class _Taxonomy:
    """The terms of one taxonomy by slug; WXR 1.0 has some without it, and parents by name."""

    def __init__(self) -> None:
        self._terms: dict[str, _Declared] = {}
        self._by_name: dict[str, str] = {}

    def add(self, name: str, slug: str | None, parent: str = "", id_: str = "") -> str:
        """The key of the term, which is declared if it is new; empty for an empty one."""
        key = text.key(slug) if slug else self.find(name)
        if key:
            self._terms.setdefault(key, _Declared(name or slug or key, slug, text.key(parent), id_))
            self._by_name.setdefault(text.key(name), key)
        return key

    def find(self, name: str) -> str:
        """The key of the term with this slug or name, or the key that it would have."""
        key = text.key(name)
        return key if key in self._terms else self._by_name.get(key, key)

    def parent_of(self, key: str) -> str:
        """The key of the parent, declared or not; empty at the top."""
        return self.find(self._terms[key].parent) if key in self._terms else ""

    def __contains__(self, key: str) -> bool:
        return key in self._terms

    def __getitem__(self, key: str) -> _Declared:
        return self._terms[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._terms)


class Terms:
    """The declared terms; looking one up adds it if it is missing."""

    def __init__(self, notes: Notes) -> None:
        self.site: str | None = None
        self.people: dict[str, Person] = {}
        self._notes = notes
        self._authors: dict[str, Author] = {}
        self._author_slugs: dict[str, Author] = {}
        self._author_names: dict[str, Author] = {}
        self._article_categories = _Taxonomy()
        self._article_tags = _Taxonomy()
        self._product_categories = _Taxonomy()
        self._product_category_names: dict[str, str] = {}
        self._values: dict[tuple[str, str], str] = {}
        self._categories: dict[str, Category] = {}
        self._tags: dict[str, Tag] = {}

    @property
    def authors(self) -> tuple[Author, ...]:
        return tuple(self._authors.values())

    @property
    def categories(self) -> tuple[Category, ...]:
        """All of them, parents as declared, whether or not a row uses them."""
        for key in self._article_categories:
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
        if email := text.clean(v.get("wp:author_email")):
            self.people[email] = Person(email=email, name=shown)

    def declare_category(self, element: Element) -> None:
        """A category of articles."""
        v = values(element)
        name, slug = text.plain(v.get("wp:cat_name")), text.slug(v.get("wp:category_nicename"))
        self._article_categories.add(name, slug, v.get("wp:category_parent", ""), v.get("wp:term_id", ""))
        self._account_for_the_rest_of("category", v)

    def declare_tag(self, element: Element) -> None:
        """A tag of articles."""
        v = values(element)
        self._tag(text.plain(v.get("wp:tag_name")), text.slug(v.get("wp:tag_slug")))
        self._account_for_the_rest_of("tag", v)

    def declare_term(self, element: Element) -> None:
        """A term of any taxonomy."""
        v = values(element)
        taxonomy, parent = taxonomy_of(v.get("wp:term_taxonomy", "")), v.get("wp:term_parent", "")
        name, slug = text.plain(v.get("wp:term_name")), text.slug(v.get("wp:term_slug"))
        if taxonomy in READ_TAXONOMIES:
            self._account_for_the_rest_of(taxonomy, v)
        match taxonomy:
            case "category":
                self._article_categories.add(name, slug, parent, v.get("wp:term_id", ""))
            case "post_tag":
                self._tag(name, slug)
            case "product_cat":
                self._product_categories.add(name, slug, parent)
            case _ if taxonomy in READ_TAXONOMIES:
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
        terms = _slugs_first(post.in_domain("category"))
        keys = dict.fromkeys(self._article_categories.add(term.name, term.slug) for term in terms)
        return tuple(self._category(key, ()) for key in keys if key)

    def tags_of(self, post: Post) -> tuple[Tag, ...]:
        """The tags of an article, each once."""
        tags = (self._tag(term.name, term.slug) for term in _slugs_first(post.in_domain("post_tag")))
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

    def value_of(self, taxonomy: str, written: str) -> str:
        """The name of an attribute value."""
        slug = text.slug(written) or ""
        return self._values.get((taxonomy, slug), slug)

    def _add_author(self, login: str, name: str) -> Author:
        author = Author(external_id=f"author:{text.key(login or name)}", name=name[:MAX_NAME] or "Anonymous")
        author = self._authors.setdefault(author.external_id, author)
        key = author.external_id.removeprefix("author:")
        self._author_slugs.setdefault(key.replace("@", "").replace(".", "-"), author)
        self._author_names.setdefault(author.name, author)
        return author

    def _author(self, login: str, name: str) -> Author:
        """By login, or the slug of a co-author; by display name only if there is neither."""
        key = text.key(login).removeprefix("cap-")
        known = self._authors.get(f"author:{key}") or self._author_slugs.get(key)
        return known or self._author_names.get(name) or self._add_author(login, name)

    def _account_for_the_rest_of(self, kind: str, v: Mapping[str, str]) -> None:
        for field in ("category_description", "tag_description", "term_description"):
            if v.get(f"wp:{field}"):
                self._notes.unsupported(f"{kind} term", "description")
        if "wp:termmeta" in v:
            self._notes.unsupported(f"{kind} term", "term meta")

    def _category(self, key: str, below: tuple[str, ...]) -> Category:
        if known := self._categories.get(key):
            return known
        declared = self._article_categories[key]
        notes = self._notes.row("category", f"category:{key}", declared.name)
        above, parent = self._article_categories.parent_of(key), None
        if above and above in (*below, key):
            notes.warn("its parents form a cycle; it was moved to the top level")
        elif above in self._article_categories and len(below) < MAX_TREE:
            parent = self._category(above, (*below, key))
        elif above:
            notes.warn("its parent is not in this file")
        name, slug = notes.cut_middle(declared.name, MAX_LABEL, "name"), _slug(declared.slug)
        category = Category(
            external_id=notes.external_id,
            name=name,
            slug=slug,
            parent=parent,
            addresses=self._addresses_of(key) if slug else (),
        )
        return self._categories.setdefault(key, category)

    def _addresses_of(self, key: str) -> tuple[str, ...]:
        """The paths of a category, with and without those above it, unless its site has others."""
        base, id_ = base_path(self.site), self._article_categories[key].id
        path: dict[str, str] = {}
        while key in self._article_categories and key not in path and len(path) < MAX_TREE:
            path[key] = self._article_categories[key].slug or key
            key = self._article_categories.parent_of(key)
        slugs = [*path.values()]
        addresses = [f"{base}/category/{'/'.join(slugs[::-1])}/", f"{base}/category/{slugs[0]}/"]
        return (*dict.fromkeys(addresses), *([f"{base}/?cat={id_}"] if id_ else []))

    def _tag(self, name: str, slug: str | None) -> Tag | None:
        key = self._article_tags.add(name, slug)
        if key and key not in self._tags:
            notes = self._notes.row("tag", f"tag:{key}", name or key)
            name = notes.cut_middle(name or key, MAX_LABEL, "name")
            addresses = (f"{base_path(self.site)}/tag/{slug}/",) if slug else ()
            self._tags[key] = Tag(
                external_id=notes.external_id, name=name, slug=_slug(slug), addresses=addresses
            )
        return self._tags.get(key)

    def _path(self, term: Term) -> tuple[str, ...]:
        categories = self._product_categories
        names: dict[str, str] = {}
        key = categories.add(term.name, term.slug)
        while key and key not in names and len(names) < MAX_TREE:
            names[key] = self._product_category_name(key)
            key = categories.parent_of(key)
        return tuple(reversed(names.values()))

    def _product_category_name(self, key: str) -> str:
        if key not in self._product_category_names:
            name = self._product_categories[key].name if key in self._product_categories else key
            notes = self._notes.row("category", f"category:{key}", name)
            self._product_category_names[key] = notes.cut_middle(name, MAX_LABEL, "name")
        return self._product_category_names[key]


def _slugs_first(terms: Iterable[Term]) -> list[Term]:
    """WXR 1.0 has each term twice, once without its slug."""
    return sorted(terms, key=lambda term: term.slug is None)


def _slug(slug: str | None) -> str | None:
    return slug[:MAX_SLUG] if slug else None


def _public_name(login: str) -> str:
    """A login may be an e-mail address, which must not be published."""
    return login.partition("@")[0] if "@" in login else login
