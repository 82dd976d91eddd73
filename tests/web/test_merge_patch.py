"""PATCH is JSON merge patch (RFC 7396): what comes out is what its pseudo code makes of what was there."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

texts = st.text(alphabet="abc é", min_size=1, max_size=8).filter(str.strip)
names = st.lists(st.sampled_from(["fog", "tide", "ink"]), unique=True, max_size=3)
urls = st.sampled_from(["/images/a.svg", "https://example.org/b.png"])
pictures = st.fixed_dictionaries({"url": urls}, optional={"alt": texts})

ARTICLE = {
    "title": "Fog",
    "body": "Grey.",
    "excerpt": "g",
    "language": "en",
    "image": {"url": "/a", "alt": "b"},
}
ARTICLE_PATCHES = st.fixed_dictionaries(
    {},
    optional={
        "title": texts,
        "body": texts,
        "excerpt": st.none() | texts,
        "language": st.none() | st.sampled_from(["en", "fr"]),
        "image": st.none() | st.fixed_dictionaries({}, optional={"url": urls, "alt": st.none() | texts}),
        "tags": st.none() | names,
        "featured": st.booleans(),
        "comment_policy": st.sampled_from(["open", "closed"]),
    },
)
ITEM = {"name": "Mug", "variants": [{"sku": "mug", "price": {"amount": 900, "currency": "EUR"}}]}
ITEM_PATCHES = st.fixed_dictionaries(
    {},
    optional={
        "name": texts,
        "summary": st.none() | texts,
        "description": st.none() | texts,
        "status": st.sampled_from(["draft", "published", "unlisted", "archived"]),
        "tags": st.none() | names,
        "images": st.none() | st.lists(pictures, max_size=2),
    },
)


def merged(target: Any, patch: Any) -> Any:
    """The pseudo code of RFC 7396 §2."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), value)
    return result


def editable(view: dict[str, Any], fields: set[str]) -> dict[str, Any]:
    """What a client may change of a resource, in the form in which it sends it."""
    document = {name: view[name] for name in fields if view[name] not in (None, "", [])}
    if "tags" in document:
        document["tags"] = [tag["name"] for tag in document["tags"]]
    if "image" in document:
        document["image"] = _picture(document["image"])
    if "images" in document:
        document["images"] = [_picture(image) for image in document["images"]]
    return document


def _picture(image: dict[str, str]) -> dict[str, str]:
    return {name: image[name] for name in ("url", "alt") if image[name]}


def check(client, path: str, patches: list[dict[str, Any]], fields: set[str]) -> None:
    for patch in patches:
        before = editable(client.simulate_get(path).json, fields)
        answer = client.simulate_patch(path, json=patch)
        if answer.status_code == 409:  # the text of an image that is not there
            assert answer.json["code"] == "image-address-required"
            assert "image" not in before
            continue
        assert answer.status_code == 200, answer.json
        after = merged(before, patch)
        assert editable(answer.json, fields) == {
            name: value for name, value in after.items() if value not in (None, "", [])
        }
        assert client.simulate_patch(path, json=patch).json == answer.json  # nothing moves the second time


@pytest.fixture
def article(client_as):
    editor = client_as("editor")
    return editor, f"/v1/articles/{editor.simulate_post('/v1/articles', json=ARTICLE).json['id']}"


@pytest.fixture
def item(client_as):
    shopkeeper = client_as("shopkeeper")
    return shopkeeper, f"/v1/items/{shopkeeper.simulate_post('/v1/items', json=ITEM).json['id']}"


bounded = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@bounded
@given(patches=st.lists(ARTICLE_PATCHES, min_size=1, max_size=3))
def test_an_article_is_merged_as_the_rfc_says(article, patches):
    fields = {"title", "body", "excerpt", "language", "image", "tags", "featured", "comment_policy"}
    check(*article, patches, fields)


@bounded
@given(patches=st.lists(ITEM_PATCHES, min_size=1, max_size=3))
def test_an_item_is_merged_as_the_rfc_says(item, patches):
    check(*item, patches, {"name", "summary", "description", "status", "tags", "images"})
