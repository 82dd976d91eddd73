"""A shop exports its table in its own language, and every language brings the same items."""

from __future__ import annotations

import csv
import io

import pytest

from api.imports.records import Item
from api.imports.woocommerce import are_of_products, headers
from api.imports.woocommerce.translations import TRANSLATIONS
from tests.imports.woocommerce.table import read, refusal

ROWS = [
    {
        "ID": "1",
        "type": "variable",
        "sku": "rope",
        "name": "Rope",
        "published": "1",
        "visibility in catalog": "hidden",
        "short description": "Strong",
        "description": "Ten metres",
        "in stock?": "1",
        "categories": "Deck > Ropes",
        "tags": "sea",
        "images": "https://shop.example/rope.jpg",
        "attribute 1 name": "Colour",
        "attribute 1 value(s)": "Red, Blue",
    },
    {
        "ID": "2",
        "type": "variation",
        "sku": "rope-red",
        "published": "1",
        "date sale price starts": "2020-01-01",
        "date sale price ends": "2030-01-01",
        "stock": "4",
        "regular price": "9,50",
        "sale price": "8,00",
        "parent": "rope",
        "position": "1",
        "attribute 1 name": "Colour",
        "attribute 1 value(s)": "Red",
    },
    {
        "ID": "3",
        "type": "external",
        "name": "Bell",
        "external url": "https://bells.example",
        "button text": "Go",
    },
]
COLUMNS = list(dict.fromkeys(column for row in ROWS for column in row))


def table(language: str, form: int) -> str:
    words = TRANSLATIONS[language]

    def translated(column: str) -> str:
        number = column.replace("1", "#")
        forms = words.get(number, number).split("|")
        return forms[form % len(forms)].replace("#", "1")

    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(map(translated, COLUMNS))
    writer.writerows([row.get(column, "") for column in COLUMNS] for row in ROWS)
    return out.getvalue()


def items(content: str) -> tuple[Item, ...]:
    return read(*content.splitlines()).items


@pytest.mark.parametrize("form", [0, 1])
@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_table_in_any_of_these_languages_brings_what_the_english_one_does(language: str, form: int) -> None:
    english = items(table("English", 0))

    translated = items(table(language, form))

    assert translated == english
    assert (translated[0].hidden, len(translated)) == (True, 2)
    assert (translated[0].variants[0].price, translated[0].variants[0].sale) == (950, 800)


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_table_in_any_of_these_languages_is_known_by_its_headers(language: str) -> None:
    first = next(csv.reader([table(language, 0).partition("\n")[0]]))

    assert are_of_products(headers.english(first))


def test_no_word_stands_for_two_columns() -> None:
    meanings: dict[str, set[str]] = {}
    for language in TRANSLATIONS.values():
        for name, forms in language.items():
            for form in forms.split("|"):
                meanings.setdefault(form.casefold(), set()).add(name)

    assert {word: names for word, names in meanings.items() if len(names) > 1} == {}


@pytest.mark.parametrize(
    ("cell", "header", "unit"),
    [
        ("Weight (kg)", "weight", "kg"),
        ("Poids (kg)", "weight", "kg"),
        ("長さ(cm)", "length", "cm"),
        ("En stock\u202f?", "in stock?", ""),
        ("Valeur(s) de l\u2019attribut 12", "attribute 12 value(s)", ""),
        ("  REGULAR  Price ", "regular price", ""),
        ("Meta: Poids (kg)", "meta: poids (kg)", ""),
    ],
)
def test_blanks_apostrophes_and_units_make_no_other_header(cell: str, header: str, unit: str) -> None:
    assert headers.english([cell]) == [header]
    assert headers.unit_of(cell) == unit


def test_a_translated_header_beside_the_english_one_is_a_column_of_the_shops_own() -> None:
    export = read("Type,Name,Regular price,Nom", "simple,Mug,7,Tasse")

    assert [item.name for item in export.items] == ["Mug"]
    assert [skipped.label for skipped in export.skipped] == ["nom"]


@pytest.mark.parametrize("word", ["hidden", "Versteckt", "oculto", "非表示", "no-such-word"])
def test_what_a_table_hides_in_any_language_is_not_published(word: str) -> None:
    (item,) = read("Type,Name,Regular price,Visibility in catalogue", f"simple,Gift,7,{word}").items

    assert item.hidden


@pytest.mark.parametrize(
    ("yes", "no"), [("WAHR", "FALSCH"), ("sì", "no"), ("はい", "いいえ"), ("TRUE", "FALSE")]
)
def test_yes_and_no_are_read_as_spreadsheets_translate_them(yes: str, no: str) -> None:
    shown, private = read(
        "Type,Name,Regular price,Published,In stock?", f"simple,A,7,{yes},{yes}", f"simple,B,7,{no},{no}"
    ).items

    assert (shown.status, shown.variants[0].stock) == ("published", None)
    assert (private.status, private.variants[0].stock) == ("draft", 0)


def test_two_columns_of_one_meaning_are_refused_with_the_way_on() -> None:
    refused = refusal("Type,Nom,Naam,Regular price\nsimple,A,B,1\n")

    assert (refused.line, refused.column) == (1, 3)
    assert refused.sentence == "Two columns have the header “name”: remove or rename one."
