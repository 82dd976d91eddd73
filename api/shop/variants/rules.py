"""Variants: what an item is sold as, each with a sku that no other thing has, or ever had."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy.exc import IntegrityError

from api.errors import Conflict, FieldError, NotFound
from api.shop.items.records import Item, Option
from api.shop.money import Money, check_currency
from api.shop.stock import queries as stock_queries
from api.shop.variants import queries
from api.shop.variants.drafts import VariantDraft
from api.shop.variants.records import Variant
from api.storage import Transaction


class SkuTaken(Conflict):
    """The sku is taken, whatever its case; those of retired variants and deleted items stay taken."""

    code, title = "sku-taken", "Sku taken"
    remedy = "Choose another sku."


class UnknownItem(Conflict):
    """A sku is named that is not for sale here: unknown, retired, not published, or sold elsewhere."""

    code, title = "unknown-item", "Unknown item"
    remedy = "Leave out what `errors` points at."


class OptionsMismatch(Conflict):
    """Each variant has one of the listed values for every option of its item, and no two have the same."""

    code, title = "options-mismatch", "Options do not fit"
    remedy = "Give each variant a value for every option of the item, as the item lists them."


def check(drafts: Sequence[VariantDraft], *, options: Sequence[Option], currency: str) -> None:
    """SkuTaken, OptionsMismatch or CurrencyMismatch when these variants do not go together."""
    repeated = _repeated([draft.key for draft in drafts])
    if repeated:
        raise _sku_taken([(index, drafts[index]) for index in repeated])
    check_options([draft.options for draft in drafts], options=options)
    for draft in drafts:
        check_currency((draft.price, draft.compare_at), currency=currency)


def check_options(chosen: Sequence[Mapping[str, str]], *, options: Sequence[Option]) -> None:
    """OptionsMismatch unless each variant has its own value of every option."""
    listed = {option.name: option.values for option in options}
    if len(listed) < len(options) or any(len(set(values)) < len(values) for values in listed.values()):
        raise OptionsMismatch("An option, or a value of one, is listed twice.", errors=_misfit("/options"))
    wrong = [
        index
        for index, own in enumerate(chosen)
        if own.keys() != listed.keys() or any(own[name] not in values for name, values in listed.items())
    ]
    # Without options there is nothing to tell variants apart by but their skus.
    wrong = wrong or (_repeated([tuple(sorted(own.items())) for own in chosen]) if options else [])
    if wrong:
        pointers = tuple(f"/variants/{index}/options" for index in wrong)
        raise OptionsMismatch(errors=_misfit(*pointers))


def check_skus(tx: Transaction, drafts: Sequence[VariantDraft], *, item_id: str) -> None:
    """SkuTaken when another item has, or had, one of these skus."""
    owners = queries.list_sku_owners(tx, keys=[draft.key for draft in drafts])
    taken = [
        (index, draft) for index, draft in enumerate(drafts) if owners.get(draft.key, item_id) != item_id
    ]
    if taken:
        raise _sku_taken(taken)


def find(tx: Transaction, *, sku: str, hidden: bool, lock: bool = False) -> Variant:
    """The variant of that sku, whatever its case, or NotFound; `hidden` sees drafts and retired ones too."""
    key = sku.lower() if sku.isascii() else sku  # the Kelvin sign is no k
    variant = queries.find_variant(tx, key=key, hidden=hidden, lock=lock)
    if variant is None:
        raise NotFound
    return variant


def replace(
    tx: Transaction,
    *,
    item_id: str,
    drafts: Sequence[VariantDraft],
    ever: Sequence[Variant] = (),
    by: str | None,
    reason: str = "initial",
) -> None:
    """Sell the item as these: known skus are changed or revived, new ones counted in, missing ones retired.

    `ever` is what the item is and was sold as.
    """
    known = {variant.sku.lower(): variant for variant in ever}
    wanted = {draft.key: (position, draft) for position, draft in enumerate(drafts)}
    for key in sorted(known.keys() | wanted.keys()):  # the order in which buyers lock them, too
        if key not in wanted:
            if not known[key].retired:
                queries.update_variant(tx, variant_id=known[key].id, retired_at=tx.now)
        elif key in known:
            _update(tx, known[key], *wanted[key])
        else:
            _insert(tx, item_id, *wanted[key], by=by, reason=reason)


def change(
    tx: Transaction,
    *,
    variant: Variant,
    item: Item,
    price: Money,
    compare_at: Money | None,
    options: Mapping[str, str],
    currency: str,
) -> Variant:
    """Give the variant of `item` other prices or options; OptionsMismatch, CurrencyMismatch."""
    check_currency((price, compare_at), currency=currency)
    others = [other.options for other in item.variants if other.id != variant.id]
    if options != variant.options:
        try:
            check_options([options, *others], options=item.options)
        except OptionsMismatch as mismatch:
            raise OptionsMismatch(mismatch.detail, errors=_misfit("/options")) from None
    _update_columns(tx, variant, price=price, compare_at=compare_at, options=options)
    return find(tx, sku=variant.sku, hidden=True)


def _insert(
    tx: Transaction, item_id: str, position: int, draft: VariantDraft, *, by: str | None, reason: str
) -> None:
    variant_id = tx.new_id("var")
    try:
        queries.insert_variant(
            tx,
            id=variant_id,
            item_id=item_id,
            sku=draft.sku,
            sku_key=draft.key,
            label=draft.label,
            options=_json(draft.options),
            price=draft.price.amount,
            compare_at=draft.compare_at.amount if draft.compare_at else None,
            currency=draft.price.currency,
            tracked=int(draft.stock is not None),
            available=draft.stock or 0,
            position=position,
            external_id=draft.external_id,
            external_stock=draft.stock if reason == "import" else None,
        )
    except IntegrityError:
        raise _sku_taken([(position, draft)]) from None
    if draft.stock:
        stock_queries.insert_movements(tx, deltas={variant_id: draft.stock}, reason=reason, by=by)


def _update(tx: Transaction, variant: Variant, position: int, draft: VariantDraft) -> None:
    told = {} if draft.external_id is None else {"external_id": draft.external_id, "label": draft.label}
    _update_columns(
        tx,
        variant,
        price=draft.price,
        compare_at=draft.compare_at,
        options=draft.options,
        position=position,
        retired_at=None,
        **told,
    )


def _update_columns(
    tx: Transaction,
    variant: Variant,
    *,
    price: Money,
    compare_at: Money | None,
    options: Mapping[str, str],
    **columns: int | str | None,
) -> None:
    if options != variant.options:
        columns = {"label": None, **columns}  # a name that told the former options
    queries.update_variant(
        tx,
        variant_id=variant.id,
        price=price.amount,
        compare_at=compare_at.amount if compare_at else None,
        currency=price.currency,
        options=_json(options),
        **columns,
    )


def _repeated(values: Sequence[object]) -> list[int]:
    """Where a value stands that stood before."""
    return [index for index, value in enumerate(values) if value and value in values[:index]]


def _misfit(*pointers: str) -> tuple[FieldError, ...]:
    detail = "These options do not fit those of the item, or another variant has the same."
    return tuple(FieldError(code=OptionsMismatch.code, detail=detail, pointer=at) for at in pointers)


def _sku_taken(taken: Sequence[tuple[int, VariantDraft]]) -> SkuTaken:
    errors = tuple(
        FieldError(
            code=SkuTaken.code, detail=f"The sku {draft.sku} is taken.", pointer=f"/variants/{index}/sku"
        )
        for index, draft in taken
    )
    return SkuTaken(errors[0].detail, errors=errors)


def _json(options: Mapping[str, str]) -> str:
    return msgspec.json.encode(options).decode()
