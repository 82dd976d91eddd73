"""Properties, visibility, URLs and old addresses of imported items, in this run and in later ones."""

from __future__ import annotations

import pytest

from api.imports.addresses import LEADS_ELSEWHERE
from api.imports.items import NO_PRICE, NO_VARIATION
from tests.imports.running import bring, bring_table
from tests.imports.wxr import HEAD, TAIL, meta, post

MUG = "ID,Type,SKU,Name,Regular price,Brands,Weight (kg),Attribute 1 name,Attribute 1 value(s)"


@pytest.fixture
def item(client):
    return lambda slug: client.simulate_get(f"/v1/items/{slug}").json


@pytest.fixture
def properties(item):
    return lambda slug: {p["name"]: p["value"] for p in item(slug)["properties"]}


@pytest.fixture
def bring_site(db, tmp_path):
    """Import a WordPress export with these rows."""

    def run(*rows):
        path = tmp_path / "site.xml"
        path.write_text(HEAD + "".join(rows) + TAIL)
        return bring(db, path)

    return run


def product(id_=7, *, link="https://old.example/product/mug/", name="Mug", **fields):
    inside = f"<title>{name}</title><link>{link}</link>"
    return post(id_, type_="product", inside=inside + meta(**{"_price": "5", "_sku": name, **fields}))


def test_properties_come_from_attributes_brand_and_weight_and_are_found(db, properties, client):
    bring_table(db, MUG, "1,simple,mug,Mug,5,Kiln & Co,0.3,Glaze,Celadon")

    assert properties("mug") == {"Glaze": "Celadon", "Brand": "Kiln & Co", "Weight": "0.3 kg"}
    found = client.simulate_get("/v1/items", params={"q": "celadon"}).json["data"]
    assert [hit["slug"] for hit in found] == ["mug"]


def test_properties_stay_where_a_table_lacks_their_column_and_go_where_it_is_blank(db, properties):
    bring_table(db, MUG, "1,simple,mug,Mug,5,Kiln & Co,0.3,Glaze,Celadon")

    bring_table(db, "ID,SKU,Regular price", "1,mug,6")
    unsaid = properties("mug")
    bring_table(db, "ID,SKU,Regular price,Brands", "1,mug,6,")
    blank = properties("mug")
    bring_table(db, "ID,SKU,Regular price,Attribute 1 name,Attribute 1 value(s)", "1,mug,6,Colour,Blue")

    assert unsaid == {"Glaze": "Celadon", "Brand": "Kiln & Co", "Weight": "0.3 kg"}
    assert blank == {"Glaze": "Celadon", "Weight": "0.3 kg"}
    assert properties("mug") == {"Colour": "Blue", "Weight": "0.3 kg"}


def test_a_weight_keeps_its_unit_when_the_other_file_of_the_shop_has_none(db, bring_site, properties):
    bring_table(db, MUG, "7,simple,Mug,Mug,5,,0.3,,")

    bring_site(product(_weight="0.3"))

    assert properties("mug") == {"Weight": "0.3 kg"}


def test_what_the_catalogue_hides_is_found_by_its_address_and_in_no_list(db, client, item):
    bring_table(db, "ID,Type,SKU,Name,Visibility in catalog,Regular price", "1,simple,gift,Gift,hidden,5")

    assert item("gift")["status"] == "unlisted"
    assert client.simulate_get("/v1/items").json["data"] == []


def test_an_external_product_leads_to_where_it_is_sold(db, item):
    header = "ID,Type,SKU,Name,Regular price,External URL"
    bring_table(db, header, "1,external,bell,Bell,5,https://bells.example/1")

    bring_table(db, "ID,SKU,Regular price", "1,bell,6")
    kept = item("bell")["external_url"]
    bring_table(db, header, "1,simple,bell,Bell,5,")

    assert kept == "https://bells.example/1"
    assert (item("bell")["kind"], item("bell")["external_url"]) == ("physical", None)


def test_the_old_addresses_of_a_product_lead_to_it(client, bring_site):
    bring_site(product())
    again = bring_site(product(_stock="1"))

    for path, query in (("/product/mug/", ""), ("/", "p=7")):
        answer = client.simulate_get(path, query_string=query)
        assert (answer.status_code, answer.headers["Location"]) == (308, "/item/?slug=mug")
    assert dict(again.noted) == {}


def test_an_old_address_that_leads_elsewhere_is_noted(bring_site, client):
    bring_site(product(), product(8, name="Cup"))

    report = bring_site(product(8, name="Cup", _stock="1", _manage_stock="yes"))

    assert report.noted["address", LEADS_ELSEWHERE] == ["Cup: /product/mug/"]
    assert client.simulate_get("/product/mug/").headers["Location"] == "/item/?slug=mug"


def test_why_a_product_is_a_draft_is_noted(db, client):
    report = bring_table(
        db,
        "ID,Type,SKU,Name,Regular price",
        "1,simple,mug,Mug,",
        "2,variable,rope,Rope,",
        "3,simple,cup,Cup,5",
    )

    assert (report.noted["product", NO_PRICE], report.noted["product", NO_VARIATION]) == (["Mug"], ["Rope"])
    assert [item["slug"] for item in client.simulate_get("/v1/items").json["data"]] == ["cup"]
