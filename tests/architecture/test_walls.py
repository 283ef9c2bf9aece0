"""The walls of the house: who may import whom, and what may stand where."""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("server", "miniapp_api", "notifications", "scheduler")

# The longest prefix that fits a module gives its rank; a module imports lower ranks, or its own package at its own rank.
RANKS = {
    "server.app": 6,
    "server.wsgi": 6,
    "server.cli": 6,
    "server.commands": 6,
    "server.local": 6,
    "server.replay": 6,
    "server.migrations": 6,
    "scheduler.__main__": 6,
    "server.sandbox": 6,
    "miniapp_api": 5,
    "server.console": 5,
    "notifications.receipts_api": 5,
    "scheduler.jobs": 5,
    "scheduler.leader": 5,
    "server.services": 4,
    "notifications.dispatch": 4,
    "notifications.receipts": 4,
    "notifications.channels": 3,
    "server.documents": 3,
    "server.models": 2,
    "server.rulebooks": 2,
    "server.wechat": 2,
    "notifications.wording": 2,
    "server": 1,
    "server.domain": 0,
}
# Said in DESIGN.md, section 2, or measured there to be one family.
FAMILIES = ({"notifications.dispatch", "notifications.receipts", "server.services"},)
ROOTS_ABOVE = {
    # composition roots, and what puts a whole installation together, may use one another downwards only
    "server.wsgi": {"server.app"},
    "server.cli": {"server.app", "server.commands", "server.replay"},
    "server.commands": {"server.app", "server.local", "server.sandbox"},
    "server.local": {"server.app", "server.sandbox"},
    "server.replay": {"server.local"},
    "scheduler.__main__": {"server.app"},
}


def _modules() -> Iterator[tuple[str, Path]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            yield name, path


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _house(name: str) -> str | None:
    """The entry of RANKS that a module, or a name imported from one, belongs to."""
    parts = name.split(".")
    return next((key for n in range(len(parts), 0, -1) if (key := ".".join(parts[:n])) in RANKS), None)


def _may(importer: str, imported: str) -> bool:
    if importer == imported or RANKS[imported] < RANKS[importer]:
        return True
    if imported in ROOTS_ABOVE.get(importer, set()):
        return True
    # `server.services` never imports `notifications`: it writes rows, and they read them.
    return any({importer, imported} <= family for family in FAMILIES) and importer != "server.services"


def test_every_import_goes_down_the_ranks_or_stays_in_its_package() -> None:
    broken = [
        f"{name} imports {imported}"
        for name, path in _modules()
        for imported in _imports(path)
        if imported.split(".")[0] in PACKAGES
        and (house := _house(imported)) is not None
        and not _may(_house(name) or "server", house)
    ]
    assert broken == []


def test_the_rules_know_nothing_but_the_standard_library() -> None:
    outside = [
        f"{name} imports {imported}"
        for name, path in _modules()
        if name.startswith("server.domain")
        for imported in _imports(path)
        if imported.split(".")[0] not in sys.stdlib_module_names and not imported.startswith("server.domain")
    ]
    assert outside == []


@pytest.mark.parametrize("forbidden", ["datetime.now(", "datetime.utcnow(", "date.today(", "time.time("])
def test_only_the_clock_asks_what_time_it_is(forbidden: str) -> None:
    # The sandbox checks a signature's age as the real carrier does: by real time. The scheduler's triggers tick by it.
    allowed = {"server.clock", "server.sandbox.tc3", "server.sandbox.sms_api", "server.sandbox.wechat_api"}
    allowed |= {"scheduler.__main__"}
    asking = [name for name, path in _modules() if forbidden in path.read_text("utf-8") and name not in allowed]
    assert asking == []


def test_the_sandbox_imports_nothing_of_the_product_but_the_clock() -> None:
    strangers = {
        imported
        for name, path in _modules()
        if name.startswith("server.sandbox")
        for imported in _imports(path)
        if imported.split(".")[0] in PACKAGES and not imported.startswith(("server.sandbox", "server.clock"))
    }
    assert strangers == set()


def test_no_institution_is_named_in_code() -> None:
    slugs = [path.stem for path in (ROOT / "server" / "rulebooks").glob("*.toml")]
    assert slugs
    naming = [
        f"{name}: {slug}"
        for name, path in _modules()
        for slug in slugs
        if re.search(rf"\b{re.escape(slug)}\b", path.read_text("utf-8"))
    ]
    assert naming == []


def test_files_are_short_enough_to_hold_one_question() -> None:
    long = {
        name: lines
        for name, path in _modules()
        if (lines := len(path.read_text("utf-8").splitlines())) > 330 and "migrations.versions" not in name
    }
    assert long == {}


def test_no_file_has_a_name_that_says_nothing() -> None:
    empty = [name for name, _ in _modules() if re.search(r"(^|[._])(utils?|helpers?|misc|common)($|[._])", name)]
    assert empty == []


def _views() -> Iterator[tuple[str, ast.FunctionDef]]:
    for name, path in _modules():
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.FunctionDef) and any(
                re.search(r"^bp\.(get|post|put|delete|route)\(", ast.unparse(one)) for one in node.decorator_list
            ):
                yield name, node


def test_a_view_has_fewer_than_ten_lines_of_its_own() -> None:
    def own(view: ast.FunctionDef) -> int:
        body = view.body[1:] if ast.get_docstring(view) else view.body
        return sum((one.end_lineno or one.lineno) - one.lineno + 1 for one in body)

    views = list(_views())
    assert len(views) > 15
    assert {f"{name}.{view.name}": own(view) for name, view in views if own(view) >= 10} == {}


# Doors that anybody may open: what they show is public, or they check a proof of their own.
OPEN_DOORS = {
    "miniapp_api.institutions.show_institutions",
    "miniapp_api.me.sign_in",
    "miniapp_api.me.sign_in_by_phone",
    "miniapp_api.me.sign_in_code",
    "miniapp_api.page_link.go",
    "miniapp_api.phone_pages.show",
    "miniapp_api.phone_pages.without_slash",
    "miniapp_api.sittings.show_all",
    "miniapp_api.sittings.show_one",
    "miniapp_api.ticket_link.show",
    "miniapp_api.ticket_link.download",
    "notifications.receipts_api.sms",
    "notifications.receipts_api.sms_aliyun",
    "notifications.receipts_api.wechat_check",
    "notifications.receipts_api.wechat_push",
}


def test_every_door_says_who_may_enter() -> None:
    unguarded = {
        f"{name}.{view.name}"
        for name, view in _views()
        if not any("auth_required" in ast.unparse(one) for one in view.decorator_list)
    }
    assert unguarded == OPEN_DOORS


def test_no_service_calls_a_vendor_within_a_transaction() -> None:
    calling = [
        f"{name}:{call.lineno}"
        for name, path in _modules()
        for block in ast.walk(_tree(path))
        if isinstance(block, ast.With)
        and re.match(r"(transaction|reading)\(", ast.unparse(block.items[0].context_expr))
        for call in ast.walk(block)
        if isinstance(call, ast.Call) and re.match(r"(wechat\(\)|requests|channel)\b", ast.unparse(call.func))
    ]
    assert calling == []
