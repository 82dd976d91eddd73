"""The values of a product table that a spreadsheet or its owner may have translated."""

_YES = "1 yes true ja oui sí si sì sim tak はい wahr vrai verdadero vero verdadeiro waar prawda"
_NO = "0 no false nein non não nao nee nie いいえ falsch faux falso onwaar fałsz"
_AVAILABLE = "instock|in stock|backorder|notify|onbackorder"
_SOLD_OUT = "outofstock|out of stock"
_VISIBILITY = {
    "visible": "visible sichtbar visibile zichtbaar visível widoczny widoczne 表示 公開",
    "hidden": "hidden versteckt ausgeblendet verborgen caché cachée masqué masquée oculto oculta nascosto "
    "nascosta escondido escondida ukryty ukryte 非表示",
    "search": "search suche recherche búsqueda ricerca zoeken pesquisa szukaj 検索",
    "catalog": "catalog catalogue katalog catálogo catalogo catalogus カタログ",
}

_ANSWERS = dict.fromkeys(_YES.split(), True) | dict.fromkeys(_NO.split(), False)
_IN_STOCK = {
    "": True,
    **_ANSWERS,
    **dict.fromkeys(_AVAILABLE.split("|"), True),
    **dict.fromkeys(_SOLD_OUT.split("|"), False),
}
_PLACES = {word: place for place, words in _VISIBILITY.items() for word in words.split()}


def answer(value: str) -> bool | None:
    """Yes or no in many languages; None for anything else."""
    return _ANSWERS.get(value.casefold())


def in_stock(value: str) -> bool | None:
    """Whether it can be sold, also on back order; None for anything else."""
    return _IN_STOCK.get(value.casefold())


def visibility(value: str) -> str:
    """`visible`, `hidden`, `search` or `catalog`; blank is visible, and what is not known stays as it is."""
    return _PLACES.get(value.casefold(), value) if value else "visible"
