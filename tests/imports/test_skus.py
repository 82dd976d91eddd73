"""Skus of any script stay as they are, or become ones that fit, two never the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.imports import skus
from api.imports.items import OTHER_SKU
from tests.imports.running import bring_table


@pytest.mark.parametrize(
    ("written", "fitted"),
    [
        ("Woo-tshirt-logo", "Woo-tshirt-logo"),
        ("КР-1", "KR-1"),
        ("щука ё", "shchuka-yo"),
        ("Κάπα", "Kapa"),
        ("größe 7", "grosse-7"),
        ("Ångström", "Angstrom"),
        ("A/1", "A-1"),
        ("///", ""),
        ("", ""),
    ],
)
def test_a_sku_is_spelled_in_the_letters_that_skus_have(written: str, fitted: str) -> None:
    assert skus.fitted(written) == fitted


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_spelled_sku_fits_and_one_that_fits_stays(first: str, second: str) -> None:
    spelled = skus.fitted(first)

    assert spelled == "" or skus.fits(spelled)
    assert skus.fitted(spelled) == spelled
    assert not skus.fits(second) or skus.fitted(second) == second


@pytest.mark.parametrize(("first", "second"), [("商品-1", "品物-1"), ("x" * 64 + "a", "x" * 64 + "b")])
def test_what_cannot_be_spelled_still_makes_two_skus_of_two(first: str, second: str) -> None:
    assert skus.fitted(first) != skus.fitted(second)


HEADER = "ID,Type,SKU,Name,Regular price,Parent,Attribute 1 name,Attribute 1 value(s)"


def test_a_catalogue_in_another_script_comes_in_whole_and_is_found_again(db, left):
    rows = (
        HEADER,
        '1,variable,ФУТ,Футболка,,,Размер,"S, M"',
        "2,variation,ФУТ-S,,10,ФУТ,Размер,S",
        "3,variation,ФУТ-M,,10,фут,Размер,M",
        "4,simple,КР-1,Кружка,7,,,",
        "5,simple,ТА-1,Тарелка,8,,,",
        "6,simple,杯-1,杯,9,,,",
        "7,simple,碗-1,碗,9,,,",
    )

    report = bring_table(db, *rows)
    again = bring_table(db, *rows)

    assert (report.done["items", "created"], again.done["items", "unchanged"]) == (5, 5)
    assert not report.skipped
    assert {"FUT-S", "FUT-M", "KR-1", "TA-1"} < set(left())
    assert report.noted["sku", OTHER_SKU][:3] == ["ФУТ-S → FUT-S", "ФУТ-M → FUT-M", "КР-1 → KR-1"]
    assert len(report.noted["sku", OTHER_SKU]) == 6


def test_of_skus_that_become_equal_the_one_that_fits_stays_and_the_others_are_numbered(db, left):
    rows = (
        "ID,Type,SKU,Name,Regular price",
        "1,simple,A/1,One,1",
        "2,simple,A 1,Two,1",
        "3,simple,a-1,Three,1",
    )

    report = bring_table(db, *rows)
    again = bring_table(db, rows[0], *reversed(rows[1:]))

    assert set(left()) == {"A-1-2", "A-1-3", "a-1"}
    assert report.noted["sku", OTHER_SKU] == ["A/1 → A-1-2", "A 1 → A-1-3"]
    assert again.done["items", "unchanged"] == 3


def test_a_sku_without_letters_is_made_from_the_name_and_found_again(db, left):
    rows = ("ID,Type,SKU,Name,Regular price", "1,simple,***,Mug,1")

    bring_table(db, *rows)
    bring_table(db, rows[0], rows[1].replace("Mug,1", "Cup,2"))

    assert list(left()) == ["mug-1"]
