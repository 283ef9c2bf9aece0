"""Settings: a missing secret stops the start, production refuses what is only for trying, and no value is ever shown."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from server.app import create_app
from server.config import Settings, SettingsRefused, development, load_settings, rulebooks_folder
from server.domain.notices import NOT_WRITTEN_YET, Kind
from server.rulebooks.catalogue import Catalogue
from server.rulebooks.loader import RulebookRefused
from tests.rulebooks.toml_text import save, table


def _key(letter: str) -> str:
    return base64.b64encode(letter.encode() * 32).decode()


GOOD = {
    "JIPING_MODE": "production",
    "JIPING_DATABASE_URL": "postgresql+psycopg://jiping@db/jiping",
    "JIPING_PUBLIC_URL": "https://jiping.example.cn",
    "JIPING_FIELD_KEY": _key("a"),
    "JIPING_INDEX_KEY": _key("b"),
    "JIPING_WECHAT_APPID": "wx1",
    "JIPING_WECHAT_SECRET": "wechat-secret-value",
    "JIPING_WECHAT_PUSH_TOKEN": "push-token-value",
    "JIPING_WECHAT_PUSH_AES_KEY": "c" * 43,
    "JIPING_SMS_SECRET_ID": "id",
    "JIPING_SMS_SECRET_KEY": "sms-secret-value",
    "JIPING_SMS_SDK_APP_ID": "1400000000",
    "JIPING_SMS_SIGN": "上海技师协会",
    "JIPING_SMS_RECEIPT_PATH": "receipt-path-value",
    "JIPING_PROXIES": "1",
}


@pytest.fixture
def config(tmp_path: Path) -> dict[str, str]:
    """A good production environment; the templates can only stand in the file."""
    file = tmp_path / "jiping.toml"
    file.write_text("[sms_templates]\n" + "\n".join(f'{kind.value} = "1"' for kind in Kind), "utf-8")
    return GOOD | {"JIPING_CONFIG": str(file)}


def _faults(environ: dict[str, str]) -> str:
    with pytest.raises(SettingsRefused) as refused:
        load_settings(environ)
    return "\n".join(refused.value.faults)


def test_a_complete_production_environment_starts(config: dict[str, str]) -> None:
    assert load_settings(config).clock_file is None


@pytest.mark.parametrize("missing", sorted(set(GOOD) - {"JIPING_MODE"}))
def test_production_without_any_one_setting_does_not_start_and_says_which(
    config: dict[str, str], missing: str
) -> None:
    environ = {key: value for key, value in config.items() if key != missing}
    assert missing.removeprefix("JIPING_").lower().replace("field_key", "field_keys") in _faults(environ)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"JIPING_SANDBOX_URL": "http://127.0.0.1:8001"}, "sandbox_url"),
        ({"JIPING_PUBLIC_URL": "http://jiping.example.cn"}, "public_url"),
        ({"JIPING_WECHAT_API_BASE": "http://127.0.0.1:8001"}, "wechat_api_base"),
        ({"JIPING_SMS_PROTOCOL": "http"}, "sms_protocol"),
        ({"JIPING_DATABASE_URL": "sqlite:///x"}, "database_url"),
        ({"JIPING_DATABASE_URL": "postgresql://x/y"}, "database_url"),
        ({"JIPING_FIELD_KEY": "c2hvcnQ="}, "field_keys"),
        ({"JIPING_FIELD_KEY": "not base64 !"}, "field_keys"),
        ({"JIPING_INDEX_KEY": _key("a")}, "index_key"),
        ({"JIPING_MODE": "prod"}, "JIPING_MODE"),
        ({"JIPING_PROXIES": ""}, "proxies"),
        ({"JIPING_PROXIES": "-1"}, "proxies"),
        ({"JIPING_PROXIES": "one"}, "proxies"),
        ({"JIPING_SIGN_IN_CODES_PER_HOUR": "0"}, "sign_in_codes_per_hour"),
        ({"JIPING_SIGN_IN_CODES_PER_DAY": "1e3"}, "sign_in_codes_per_day"),
    ],
)
def test_production_refuses_what_is_only_for_trying(
    config: dict[str, str], change: dict[str, str], named: str
) -> None:
    assert named in _faults(config | change)


def test_numbers_are_read_from_the_environment_as_from_the_file(config: dict[str, str]) -> None:
    found = load_settings(config | {"JIPING_PROXIES": "2", "JIPING_SIGN_IN_CODES_PER_HOUR": "50"})
    assert (found.proxies, found.sign_in_codes_per_hour, found.sign_in_codes_per_day) == (2, 50, 3000)


def test_a_production_without_a_proxy_says_so(config: dict[str, str]) -> None:
    assert load_settings(config | {"JIPING_PROXIES": "0"}).proxies == 0


def test_production_needs_a_template_for_every_kind_of_notice(config: dict[str, str]) -> None:
    Path(config["JIPING_CONFIG"]).write_text('[sms_templates]\npostponed = "1"\n', "utf-8")
    assert "ticket_ready" in _faults(config)


@pytest.mark.parametrize("table", ["sms_templates", "aliyun_sms_templates"])
def test_production_starts_without_the_templates_of_what_nothing_writes_yet(
    config: dict[str, str], table: str
) -> None:
    environ = _with_templates(config)
    file = Path(config["JIPING_CONFIG"])
    head, found, rest = file.read_text("utf-8").partition(f"[{table}]\n")
    kept = [line for line in rest.splitlines() if line.split(" = ")[0] not in {one.value for one in NOT_WRITTEN_YET}]
    assert len(kept) < len(rest.splitlines())
    file.write_text(head + found + "\n".join(kept), "utf-8")
    assert load_settings(environ).mode == "production"


SECOND = {
    "JIPING_ALIYUN_SMS_KEY_ID": "id",
    "JIPING_ALIYUN_SMS_KEY_SECRET": "second-secret-value",
    "JIPING_ALIYUN_SMS_SIGN": "上海技师协会",
    "JIPING_ALIYUN_SMS_RECEIPT_PATH": "second-path-value",
}


def _with_templates(config: dict[str, str], missing: str = "") -> dict[str, str]:
    file = Path(config["JIPING_CONFIG"])
    lines = [f'{kind.value} = "SMS_1"' for kind in Kind if kind.value != missing]
    file.write_text(file.read_text("utf-8") + "\n[aliyun_sms_templates]\n" + "\n".join(lines), "utf-8")
    return config | SECOND


def test_a_second_carrier_may_be_there_or_not(config: dict[str, str]) -> None:
    assert not load_settings(config).aliyun_sms_key_id
    assert load_settings(_with_templates(config)).aliyun_sms_endpoint == "https://dysmsapi.aliyuncs.com"


@pytest.mark.parametrize("missing", sorted(SECOND))
def test_half_a_second_carrier_does_not_start_and_says_what_is_missing(config: dict[str, str], missing: str) -> None:
    environ = {key: value for key, value in _with_templates(config).items() if key != missing}
    told = _faults(environ)
    assert missing.removeprefix("JIPING_").lower() in told
    assert "second-secret-value" not in told


def test_a_second_carrier_has_a_template_for_every_kind_and_is_spoken_to_in_secret(config: dict[str, str]) -> None:
    environ = _with_templates(config, missing="postponed") | {"JIPING_ALIYUN_SMS_ENDPOINT": "http://127.0.0.1"}
    told = _faults(environ)
    assert "aliyun_sms_templates: 缺少 postponed" in told
    assert "aliyun_sms_endpoint" in told


def test_a_folder_whose_secrets_are_older_than_the_second_carrier_does_without(tmp_path: Path) -> None:
    development(tmp_path)
    file = tmp_path / "secrets.json"
    kept = {key: value for key, value in json.loads(file.read_text("utf-8")).items() if "aliyun" not in key}
    file.write_text(json.dumps(kept), "utf-8")
    assert development(tmp_path).aliyun_sms_key_id == ""


def test_an_unknown_key_in_the_file_is_named(config: dict[str, str]) -> None:
    file = Path(config["JIPING_CONFIG"])
    file.write_text("datebase_url = 'x'\n" + file.read_text("utf-8"), "utf-8")
    assert "datebase_url" in _faults(config)


def test_no_fault_and_no_repr_shows_a_secret(config: dict[str, str]) -> None:
    settings = load_settings(config)
    told = _faults(config | {"JIPING_PUBLIC_URL": ""}) + repr(settings) + str(settings)
    assert not [value for key, value in GOOD.items() if "SECRET_KEY" in key or "TOKEN" in key if value in told]


def test_a_development_machine_makes_its_own_secrets_once_and_keeps_them_to_itself(tmp_path: Path) -> None:
    first, second = development(tmp_path), development(tmp_path)
    assert _secrets(first) == _secrets(second)
    assert _secrets(first) != _secrets(development(tmp_path / "other"))
    assert os.stat(tmp_path / "secrets.json").st_mode & 0o777 == 0o600


def _secrets(settings: Settings) -> tuple[object, ...]:
    return settings.field_keys, settings.index_key, settings.wechat_secret, settings.sms_receipt_path


# --- the folder of rulebooks


def _slugs(settings: Settings) -> set[str]:
    catalogue: Catalogue = create_app(settings).extensions["jiping_catalogue"]
    return {one.book.slug for one in catalogue.loaded}


def test_a_folder_of_rulebooks_takes_the_place_of_those_that_come_along(tmp_path: Path) -> None:
    books = tmp_path / "books"
    books.mkdir()
    save(books, table() | {"slug": "other-2026"})
    environ = {"JIPING_DATA_DIR": str(tmp_path / "var"), "JIPING_RULEBOOKS": str(books)}
    assert _slugs(load_settings(environ)) == {"other-2026"}
    assert "technicians-2026" in _slugs(load_settings({"JIPING_DATA_DIR": str(tmp_path / "var")}))


def test_the_folder_may_stand_in_the_file_and_the_environment_overrides_it(
    config: dict[str, str], tmp_path: Path
) -> None:
    file = Path(config["JIPING_CONFIG"])
    file.write_text(f"rulebooks = '{tmp_path}'\n" + file.read_text("utf-8"), "utf-8")
    other = tmp_path / "other"
    other.mkdir()
    for environ, folder in ((config, tmp_path), (config | {"JIPING_RULEBOOKS": str(other)}, other)):
        assert load_settings(environ).rulebooks == rulebooks_folder(environ) == folder


def test_commands_find_the_folder_without_any_other_setting() -> None:
    assert rulebooks_folder({}) is None
    assert rulebooks_folder({"JIPING_MODE": "production"}) is None


@pytest.mark.parametrize("folder", ["", "gone", "file.toml"])
def test_a_folder_of_rulebooks_that_is_not_there_stops_the_start(
    config: dict[str, str], tmp_path: Path, folder: str
) -> None:
    (tmp_path / "file.toml").write_text("", "utf-8")
    environ = config | {"JIPING_RULEBOOKS": folder and str(tmp_path / folder)}
    assert _faults(environ).startswith("rulebooks: 没有这个文件夹")
    with pytest.raises(SettingsRefused, match="rulebooks: 没有这个文件夹"):
        rulebooks_folder(environ)


def test_a_folder_that_is_no_text_is_refused(config: dict[str, str]) -> None:
    file = Path(config["JIPING_CONFIG"])
    file.write_text("rulebooks = 7\n" + file.read_text("utf-8"), "utf-8")
    assert _faults(config).startswith("rulebooks: 没有这个文件夹")


def test_a_folder_without_rulebooks_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(RulebookRefused, match=r"没有规则文件"):
        create_app(development(tmp_path / "var", {"JIPING_RULEBOOKS": str(tmp_path)}))


@pytest.mark.parametrize("module", [["server.cli", "serve"], ["scheduler"]])
@pytest.mark.parametrize(("there", "why"), [(False, "rulebooks: 没有这个文件夹"), (True, "没有规则文件（*.toml）")])
def test_the_processes_say_why_they_do_not_start(tmp_path: Path, module: list[str], there: bool, why: str) -> None:
    books = tmp_path / "books"
    if there:
        books.mkdir()
    environ = {"JIPING_DATA_DIR": str(tmp_path / "var"), "JIPING_RULEBOOKS": str(books)}
    clean = {name: value for name, value in os.environ.items() if not name.startswith("JIPING_")}
    done = subprocess.run(
        [sys.executable, "-m", *module],
        cwd=Path(__file__).parents[2],
        env=clean | environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert why in done.stderr
    assert "Traceback" not in done.stderr
