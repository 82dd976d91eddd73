"""The rules of variants: unique skus, options that match the item, and changes through their item."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import structs

from api.errors import Conflict, NotFound, UnknownField
from api.events import rules as events
from api.media import uses as media
from api.roles import ITEMS_WRITE, Viewer, may
from api.shop.items import queries as item_queries
from api.shop.items import uses
from api.shop.items.records import Option
from api.shop.money import AmountRequired, Money
from api.shop.stock import queries as stock_queries
from api.shop.stock.records import Reason
from api.shop.variants import queries, sales
from api.shop.variants.records import Variant, VariantDraft
from api.storage import Transaction


class SkuTaken(Conflict):
    """The sku is taken, regardless of case. A deleted item has it until no order of it is open."""

    code, title = "sku-taken", "Sku taken"
    remedy = "Choose another sku."


class UnknownItem(Conflict):
    """A sku cannot be ordered here: it is unknown, retired, not public, or sold elsewhere."""

    code, title = "unknown-item", "Unknown item"
    remedy = "Leave out the skus that `errors` points to."


class OptionsMismatch(Conflict):
    """Each variant needs one of the listed values for every option of its item, in its own combination."""

    code, title = "options-mismatch", "Options do not match"
    remedy = "Give each variant one listed value for every option of the item, and no two the same values."


def check(drafts: Sequence[VariantDraft], *, options: Sequence[Option], currency: str) -> None:
    """Raise SkuTaken, OptionsMismatch, CurrencyMismatch or OutOfRange unless one item can have all these."""
    repeated = _repeated([draft.key for draft in drafts])
    if repeated:
        raise _sku_taken((index, drafts[index]) for index in repeated)
    check_options([draft.options for draft in drafts], options=options)
    sales.check_prices({f"/variants/{index}": draft for index, draft in enumerate(drafts)}, currency=currency)


def check_options(chosen: Sequence[Mapping[str, str]], *, options: Sequence[Option]) -> None:
    """Raise OptionsMismatch unless each variant has its own combination of the options' values."""
    listed = {option.name: option.values for option in options}
    if len(listed) < len(options) or any(len(set(values)) < len(values) for values in listed.values()):
        raise OptionsMismatch.at("/options", "An option, or a value of one, is listed twice.")
    wrong = [
        index
        for index, own in enumerate(chosen)
        if own.keys() != listed.keys() or any(own[name] not in values for name, values in listed.items())
    ]
    # Without options only their skus distinguish variants.
    wrong = wrong or (_repeated([tuple(sorted(own.items())) for own in chosen]) if options else [])
    if wrong:
        raise OptionsMismatch.at_each((f"/variants/{index}/options", _MISMATCH) for index in wrong)


def check_skus(tx: Transaction, drafts: Sequence[VariantDraft], *, item_id: str) -> None:
    """Raise SkuTaken if another item has, or had, one of these skus, and has not freed it by its deletion."""
    owners = queries.list_sku_owners(tx, keys=[draft.key for draft in drafts])
    others = set(owners.values()) - {item_id}
    free = {item_id} | (queries.free_skus(tx, item_ids=others) if others else set())
    taken = [
        (index, draft) for index, draft in enumerate(drafts) if owners.get(draft.key, item_id) not in free
    ]
    if taken:
        raise _sku_taken(taken)


def find(
    tx: Transaction,
    *,
    ref: str,
    viewer: Viewer | None,
    lock: bool = False,
    permission: str = ITEMS_WRITE,
) -> Variant:
    """The variant with that sku in any case; with `permission` also a hidden one. Raises NotFound."""
    key = ref.lower() if ref.isascii() else ref  # the lower case of the Kelvin sign would be k
    variant = queries.find_variant(tx, key=key, hidden=may(viewer, permission), lock=lock)
    if variant is None:
        raise NotFound
    return variant


def merged(ever: Sequence[Variant], entries: Sequence[Mapping[str, Any]]) -> tuple[VariantDraft, ...]:
    """The variants in a patch of their item, matched by sku with those that it has or had.

    Fields that an entry leaves out stay as they are. Raises UnknownField, UnknownItem, AmountRequired.
    """
    known = {variant.key: variant for variant in ever}
    # A 422 although it depends on stored data: an exception (contract 6.29).
    counted = [
        (f"/variants/{index}/stock", f"{entry['sku']} exists: change its stock with stock movements.")
        for index, entry in enumerate(entries)
        if "stock" in entry and entry["sku"].lower() in known
    ]
    if counted:
        raise UnknownField.at_each(counted)
    unpriced = [
        (f"/variants/{index}/sku", f"The item has no {entry['sku']}; to add it, send its whole price.")
        for index, entry in enumerate(entries)
        if len(entry.get("price", ())) < len(_WHOLE_PRICE) and entry["sku"].lower() not in known
    ]
    if unpriced:
        raise UnknownItem.at_each(unpriced)
    return tuple(
        _merged(known.get(entry["sku"].lower()), entry, at=f"/variants/{index}")
        for index, entry in enumerate(entries)
    )


def replace(
    tx: Transaction,
    drafts: Sequence[VariantDraft],
    *,
    item_id: str,
    ever: Sequence[Variant] = (),
    actor: Viewer | None,
    reason: Reason = "initial",
) -> bool:
    """Make these the variants: known skus are changed or revived, new ones added, missing ones retired.

    `ever` are the variants that the item has or had. False when all of them stay as they are.
    """
    known = {variant.key: variant for variant in ever}
    new = {draft.key: (position, draft) for position, draft in enumerate(drafts)}
    has_changed = False
    for key in sorted(known.keys() | new.keys()):  # buyers lock them in the same order
        if key not in new:
            has_changed |= _retire(tx, known[key])
        elif key in known:
            position, draft = new[key]
            has_changed |= _update(tx, known[key], draft, position=position, retired=False)
        else:
            _insert(tx, item_id, *new[key], actor=actor, reason=reason)
            has_changed = True
    return has_changed


def change(
    tx: Transaction,
    before: Variant,
    changes: Mapping[str, Any],
    *,
    currency: str,
    actor: Viewer | None = None,
) -> Variant:
    """Change prices or options; the item changes with them. Raises AmountRequired and as `check` does."""
    draft = _merged(before, changes)
    sales.check_prices({"": draft}, currency=currency)
    media.check(tx, draft.files, actor=actor)
    if draft.options != before.options:
        _check_beside_others(tx, before, draft)
    if not _update(tx, before, draft, position=before.position, retired=before.retired):
        return before
    if not before.retired:
        item_queries.update_item(tx, item_id=before.item_id)
        item = item_queries.find_item(tx, ref=before.item_id, hidden=True)
        assert item is not None  # noqa: S101  # its variant is there
        uses.note(tx, item)
        events.note(tx, "item.updated", item, actor=actor)
    return queries.find_variant(tx, key=before.key, hidden=True) or before


def _check_beside_others(tx: Transaction, before: Variant, draft: VariantDraft) -> None:
    item = item_queries.find_item(tx, ref=before.item_id, hidden=True)
    if item is None:
        raise NotFound
    others = [other.options for other in item.variants if other.id != before.id]
    try:
        check_options([draft.options, *others], options=item.options)
    except OptionsMismatch as mismatch:
        raise OptionsMismatch.at("/options", mismatch.detail) from None


def _insert(
    tx: Transaction,
    item_id: str,
    position: int,
    draft: VariantDraft,
    *,
    actor: Viewer | None,
    reason: Reason,
) -> None:
    variant_id = tx.new_id("var")
    if not queries.insert_variant(tx, draft, variant_id=variant_id, item_id=item_id, position=position):
        raise _sku_taken([(position, draft)])
    if draft.stock:
        stock_queries.insert_movements(tx, {variant_id: draft.stock}, reason=reason, actor=actor)


def _retire(tx: Transaction, before: Variant) -> bool:
    """Take a variant from sale; False when it was not sold."""
    if before.retired:
        return False
    queries.update_variant(tx, variant_id=before.id, retired_at=tx.now, version=before.version + 1)
    return True


def _update(tx: Transaction, before: Variant, draft: VariantDraft, *, position: int, retired: bool) -> bool:
    """Make the variant equal to `draft`, in that place among those of its item; False when it is already."""
    label = draft.label
    if label is None and draft.options == before.options:  # else it named the former options
        label = before.label
    offer = structs.replace(draft, sku=before.sku, stock=None, label=label)
    is_same = (offer, retired) == (structs.replace(before.draft(), label=before.label), before.retired)
    if is_same and position == before.position:
        return False
    queries.update_variant(
        tx,
        variant_id=before.id,
        draft=draft,
        label=label,
        position=position,
        version=before.version + (not is_same),
        **({} if retired else {"retired_at": None}),
    )
    return True


def _merged(before: Variant | None, changes: Mapping[str, Any], *, at: str = "") -> VariantDraft:
    """The variant with the changes, as RFC 7396 merges them; null resets a field to its default."""
    draft = before.draft() if before else _BLANK
    fields = {name: getattr(_BLANK, name) if value is None else value for name, value in changes.items()}
    price = fields["price"] = structs.replace(draft.price, **changes.get("price", {}))
    if changes.get("compare_at") is not None:
        fields["compare_at"] = _merged_compare_at(draft, changes["compare_at"], price=price, at=at)
    if changes.get("sale") is not None:
        fields["sale"] = sales.merged(draft.sale, changes["sale"], price=price, at=at)
    if changes.get("options") is not None:
        options = {**draft.options, **changes["options"]}
        fields["options"] = {name: value for name, value in options.items() if value is not None}
    return structs.replace(draft, **fields | ({"sku": before.sku} if before else {}))


def _merged_compare_at(
    draft: VariantDraft, changes: Mapping[str, Any], *, price: Money, at: str
) -> Money | None:
    if draft.compare_at is not None:
        return structs.replace(draft.compare_at, **changes)
    if "amount" not in changes:
        raise AmountRequired.at(f"{at}/compare_at")
    return structs.replace(price, **changes)  # in the same currency unless it names another


_WHOLE_PRICE = Money.__struct_fields__
_BLANK = VariantDraft(sku="", price=Money(0, ""))
_MISMATCH = "These options do not match the item's, or another variant has the same."


def _repeated(values: Sequence[object]) -> list[int]:
    """The positions of values that have occurred before."""
    return [index for index, value in enumerate(values) if value and value in values[:index]]


def _sku_taken(taken: Iterable[tuple[int, VariantDraft]]) -> SkuTaken:
    return SkuTaken.at_each(
        (f"/variants/{index}/sku", f"The sku {draft.sku} is taken.") for index, draft in taken
    )
