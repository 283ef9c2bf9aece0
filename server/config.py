"""Settings: from the environment and one TOML file, secrets included; a missing one stops the start."""

import base64
import json
import os
import re
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from server.domain.notices import NOT_WRITTEN_YET, Kind, wording_of


class SettingsRefused(Exception):
    """Settings with which the program must not start; every fault is named, no value is shown."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, repr=False)
class Settings:
    """All that differs between one installation and another. Never printed: it holds secrets."""

    mode: Literal["development", "production"]
    database_url: str
    data_dir: Path
    public_url: str
    field_keys: Mapping[int, bytes]
    index_key: bytes
    wechat_appid: str
    wechat_secret: str
    wechat_push_token: str
    wechat_push_aes_key: str
    sms_secret_id: str
    sms_secret_key: str
    sms_sdk_app_id: str
    sms_sign: str
    sms_receipt_path: str
    wechat_templates: Mapping[str, str]
    sms_templates: Mapping[str, str]
    wechat_api_base: str = "https://api.weixin.qq.com"
    sms_endpoint: str = "sms.tencentcloudapi.com"
    sms_protocol: str = "https"
    #: the second SMS carrier; without its key there is none
    aliyun_sms_key_id: str = ""
    aliyun_sms_key_secret: str = ""
    aliyun_sms_sign: str = ""
    aliyun_sms_receipt_path: str = ""
    aliyun_sms_endpoint: str = "https://dysmsapi.aliyuncs.com"
    aliyun_sms_templates: Mapping[str, str] = field(default_factory=dict)
    wechat_state: str = "formal"
    sandbox_url: str = ""
    font_paths: tuple[str, ...] = field(default=())
    #: reverse proxies in front, each of which adds to X-Forwarded-For
    proxies: int = 0
    #: codes for signing in that are sent to whoever asks, all of them together
    sign_in_codes_per_hour: int = 600
    sign_in_codes_per_day: int = 3000
    #: used instead of the rulebooks that come along
    rulebooks: Path | None = None
    #: the built phone pages, where they are not the checkout's own
    phone_pages: Path | None = None

    @property
    def clock_file(self) -> Path | None:
        """Where a moved clock is set; production has none."""
        return None if self.mode == "production" else self.data_dir / "clock.json"


_SECRETS = (
    "wechat_secret",
    "wechat_push_token",
    "wechat_push_aes_key",
    "sms_secret_key",
    "sms_receipt_path",
)
_NEEDED = [kind for kind in Kind if kind not in NOT_WRITTEN_YET]
_SECOND_SECRETS = ("aliyun_sms_key_secret", "aliyun_sms_receipt_path")
_TEXTS = (
    "database_url",
    "public_url",
    "wechat_appid",
    "sms_secret_id",
    "sms_sdk_app_id",
    "sms_sign",
    *_SECRETS,
)
_TEMPLATES = ("wechat_templates", "sms_templates", "aliyun_sms_templates")
# The second SMS carrier: all of these, with its templates, or none.
_SECOND_CARRIER = ("aliyun_sms_key_id", "aliyun_sms_key_secret", "aliyun_sms_sign", "aliyun_sms_receipt_path")
# The least that each may be.
_NUMBERS = {"proxies": 0, "sign_in_codes_per_hour": 1, "sign_in_codes_per_day": 1}
_OPTIONAL = (
    "wechat_api_base",
    "sms_endpoint",
    "sms_protocol",
    "aliyun_sms_endpoint",
    "wechat_state",
    "sandbox_url",
    *_SECOND_CARRIER,
)


def load_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this installation. Raises SettingsRefused.

    JIPING_CONFIG names a TOML file; JIPING_<KEY> in the environment overrides each of its keys. Without either, this is
    a development machine: everything lies in ./var, secrets are made there once, vendors are the sandbox.
    """
    mode = environ.get("JIPING_MODE", "development")
    if mode not in {"development", "production"}:
        raise SettingsRefused(["JIPING_MODE: 只能是 development 或 production"])
    if mode == "development" and "JIPING_CONFIG" not in environ:
        return development(Path(environ.get("JIPING_DATA_DIR", "var")), environ)
    values = _file(environ.get("JIPING_CONFIG")) | _overrides(environ)
    return _checked(mode, values)


def rulebooks_folder(environ: Mapping[str, str] = os.environ) -> Path | None:
    """The folder of rulebooks of this installation, for commands that need nothing else; None for those that come along.

    Raises SettingsRefused where it is not there.
    """
    name = (_file(environ.get("JIPING_CONFIG")) | _overrides(environ)).get("rulebooks")
    faults = _folder_faults(name)
    if faults:
        raise SettingsRefused(faults)
    return None if name is None else Path(name)


def development(folder: Path, environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Settings for one machine, with secrets of its own kept in the folder and the sandbox for all vendors."""
    environ = environ or {}
    folder.mkdir(parents=True, exist_ok=True)
    port = environ.get("JIPING_PORT", "8000")
    sandbox = environ.get("JIPING_SANDBOX_URL", f"http://127.0.0.1:{int(port) + 1}")
    own = _own_secrets(folder / "secrets.json")
    values: dict[str, Any] = {
        "database_url": f"sqlite:///{(folder / 'jiping.sqlite').resolve()}",
        "public_url": f"http://127.0.0.1:{port}",
        "wechat_appid": "wx0000000000jiping",
        "sms_secret_id": "sandbox-secret-id",
        "sms_sdk_app_id": "1400000001",
        "sms_sign": "上海技师协会",
        "wechat_api_base": sandbox,
        "sms_endpoint": urlsplit(sandbox).netloc,
        "sms_protocol": "http",
        "sandbox_url": sandbox,
        "wechat_templates": {kind.value: f"sandbox-{kind.value}" for kind in Kind if kind is not Kind.SIGN_IN_CODE},
        "sms_templates": {kind.value: str(1000001 + index) for index, kind in enumerate(Kind)},
        **_second_carrier(sandbox, own),
        **own,
        **_overrides(environ),
        **overrides,
        "data_dir": str(folder),
    }
    return _checked("development", values)


def _second_carrier(sandbox: str, own: Mapping[str, Any]) -> dict[str, Any]:
    """The second SMS carrier in the sandbox; a folder whose secrets are older than the carrier does without."""
    if not set(_SECOND_SECRETS) <= set(own):
        return {}
    return {
        "aliyun_sms_key_id": "sandbox-key-id",
        "aliyun_sms_sign": "上海技师协会",
        "aliyun_sms_endpoint": sandbox,
        "aliyun_sms_templates": {kind.value: f"SMS_{2000001 + index}" for index, kind in enumerate(Kind)},
    }


def _own_secrets(path: Path) -> dict[str, Any]:
    """Secrets made at random on the first start, readable by the owner alone."""
    if not path.exists():
        made: dict[str, Any] = {key: secrets.token_urlsafe(24) for key in (*_SECRETS, *_SECOND_SECRETS)}
        made["wechat_push_aes_key"] = base64.b64encode(os.urandom(32)).decode().rstrip("=")
        made["field_keys"] = {"1": base64.b64encode(os.urandom(32)).decode()}
        made["index_key"] = base64.b64encode(os.urandom(32)).decode()
        beside = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(beside, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as file:
            json.dump(made, file)
        try:
            os.link(beside, path)  # of two first starts at once, one wins and both use its secrets
        except FileExistsError:
            pass
        finally:
            beside.unlink()
    stored: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return stored


def _file(name: str | None) -> dict[str, Any]:
    if name is None:
        return {}
    try:
        return tomllib.loads(Path(name).read_text("utf-8"))
    except OSError as fault:
        raise SettingsRefused([f"JIPING_CONFIG: 无法读取（{fault.strerror}）"]) from None
    except tomllib.TOMLDecodeError as fault:
        raise SettingsRefused([f"JIPING_CONFIG: 不是正确的 TOML（{fault}）"]) from None


def _overrides(environ: Mapping[str, str]) -> dict[str, Any]:
    keys = (*_TEXTS, *_OPTIONAL, *_NUMBERS, "data_dir", "index_key", "rulebooks", "phone_pages")
    found = {key: environ[f"JIPING_{key.upper()}"] for key in keys if f"JIPING_{key.upper()}" in environ}
    if "JIPING_FIELD_KEY" in environ:
        found["field_keys"] = {"1": environ["JIPING_FIELD_KEY"]}  # type: ignore[assignment] # a table, not a text
    return dict(found)


def _checked(mode: Literal["development", "production"] | str, values: dict[str, Any]) -> Settings:
    faults = [f"{key}: 缺少（环境变量 JIPING_{key.upper()} 或配置文件）" for key in _TEXTS if not values.get(key)]
    tables = {*_TEMPLATES, "field_keys", "font_paths"}
    known = {*_TEXTS, *_OPTIONAL, *_NUMBERS, *tables, "data_dir", "index_key", "rulebooks", "phone_pages"}
    faults += [f"{key}: 不认识这一项" for key in values if key not in known]
    keys = {number: _key(text) for number, text in (values.get("field_keys") or {}).items()}
    if not keys or any(len(key) != 32 or not number.isdigit() for number, key in keys.items()):
        faults.append("field_keys: 须为编号到密钥的表，每个密钥为32字节的base64（JIPING_FIELD_KEY）")
    index_key = _key(values.get("index_key") or "")
    if len(index_key) < 32:
        faults.append("index_key: 须为32字节的base64（JIPING_INDEX_KEY）")
    if index_key in keys.values():
        faults.append("index_key: 不能与加密密钥相同")
    faults += [fault for key in _NUMBERS for fault in _number_faults(key, values)]
    faults += _folder_faults(values.get("rulebooks"))
    faults += _half_a_carrier(values)
    faults += [fault for name in _TEMPLATES for fault in _template_faults(name, values.get(name, {}))]
    if mode == "production":
        faults += _not_in_production(values)
    if faults:
        raise SettingsRefused(faults)
    return Settings(
        mode="production" if mode == "production" else "development",
        data_dir=Path(values.get("data_dir", "var")),
        field_keys={int(number): key for number, key in keys.items()},
        index_key=index_key,
        wechat_templates=values.get("wechat_templates", {}),
        sms_templates=values.get("sms_templates", {}),
        aliyun_sms_templates=values.get("aliyun_sms_templates", {}),
        font_paths=tuple(values.get("font_paths", ())),
        rulebooks=Path(values["rulebooks"]) if values.get("rulebooks") is not None else None,
        phone_pages=Path(values["phone_pages"]) if values.get("phone_pages") else None,
        **{key: values[key] for key in (*_TEXTS, *_OPTIONAL) if key in values},
        **{key: int(values[key]) for key in _NUMBERS if key in values},  # type: ignore[arg-type] # and these are numbers
    )


def _number_faults(key: str, values: dict[str, Any]) -> list[str]:
    """A number that is none, or too small."""
    text, least = str(values.get(key, _NUMBERS[key])), _NUMBERS[key]
    good = re.fullmatch("[0-9]{1,9}", text) and int(text) >= least
    return [] if good else [f"{key}: 须为不小于{least}的整数"]


def _half_a_carrier(values: dict[str, Any]) -> list[str]:
    """What a second SMS carrier lacks, where one is begun."""
    given = {key for key in (*_SECOND_CARRIER, "aliyun_sms_templates") if values.get(key)}
    if not given:
        return []
    faults = [f"{key}: 缺少，第二家短信须写全（或全部去掉）" for key in _SECOND_CARRIER if key not in given]
    templates = values.get("aliyun_sms_templates") or {}
    missing = [kind.value for kind in _NEEDED if kind.value not in templates]
    if missing:
        faults.append(f"aliyun_sms_templates: 缺少 {'、'.join(missing)}")
    return faults


def _folder_faults(name: Any) -> list[str]:
    """What is wrong with the folder of rulebooks; whether its rulebooks are right is the loader's business."""
    if name is None or (isinstance(name, str) and name and Path(name).is_dir()):
        return []
    return [
        "rulebooks: 没有这个文件夹；写明规则文件所在的文件夹，或去掉这一项（环境变量 JIPING_RULEBOOKS 或配置文件）"
    ]


def _template_faults(name: str, templates: Mapping[str, Any]) -> list[str]:
    """Names in a table of templates that mean no kind of notice: a kind, or kind@version for an older wording."""
    faults = []
    for key in templates:
        try:
            wording_of(key)
        except ValueError:
            faults.append(f"{name}: 不认识 {key}，须为通知的类别，旧版措辞写作 类别@版本")
    return faults


def _not_in_production(values: dict[str, Any]) -> list[str]:
    faults = []
    if values.get("sandbox_url"):
        faults.append("sandbox_url: 正式环境不能使用沙箱")
    if not str(values.get("public_url", "")).startswith("https://"):
        faults.append("public_url: 正式环境须以 https:// 开头")
    encrypted = (("wechat_api_base", "https://"), ("sms_protocol", "https"), ("aliyun_sms_endpoint", "https://"))
    for key, default in encrypted:
        if not str(values.get(key, "https://")).startswith(default):
            faults.append(f"{key}: 正式环境须使用 https")
    if "proxies" not in values:
        what = "写明前面有几层反向代理（通常为 1，没有则为 0）"
        faults.append(
            f"proxies: 缺少，{what}；写错则所有人共用一个地址的短信限额（环境变量 JIPING_PROXIES 或配置文件）"
        )
    if not str(values.get("database_url", "")).startswith("postgresql+psycopg://"):
        faults.append("database_url: 正式环境须使用 postgresql+psycopg://")
    missing = [kind.value for kind in _NEEDED if kind.value not in values.get("sms_templates", {})]
    if missing:
        faults.append(f"sms_templates: 缺少 {'、'.join(missing)}")
    return faults


def _key(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""
