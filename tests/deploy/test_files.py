"""The files of docs/deploy name only what exists, and keep to what they promise."""

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import config
from concerns.flagging import device, returning
from concerns.pages import furniture
from concerns.pages.headers import HEADERS, TWO_YEARS
from tests.browser.ports import free_port
from tests.deploy.hosting import DEPLOY, HOST, ONION, host, places, rendered

ROOT = DEPLOY.parents[1]
UNITS = ["concerns-report.service", "concerns-desk.service"]
SETTINGS = {*config.VARIABLES.values(), "CONCERNS_DIRECTORY"}
MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def compose() -> Any:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


def directives(text: str, name: str) -> list[str]:
    return re.findall(rf"^\s*{name}\s+(.+?);", text, re.MULTILINE)


def test_rendering_for_a_test_changes_places_alone(tmp_path: Path) -> None:
    table = places(tmp_path)
    for shipped, here in table.items():
        assert re.fullmatch(r"/[\w./-]+|listen (\[::\]:)?\d+ ", shipped), shipped
        assert re.fullmatch(r"/[\w./-]+|listen 127\.0\.0\.[12]:\d+ ", here), here
    back = {here: shipped for shipped, here in table.items()}
    for name in ("nginx.conf", "concerns-sorry.conf"):
        text = (DEPLOY / name).read_text()
        assert rendered(rendered(text, table), back) == text


def test_nginx_keeps_no_log_and_puts_no_body_on_disk() -> None:
    text = (DEPLOY / "nginx.conf").read_text()
    assert directives(text, "access_log") == ["off"]
    assert directives(text, "error_log") == ["/dev/null crit"]
    assert directives(text, "proxy_max_temp_file_size") == ["0"]
    assert directives(text, "proxy_pass_request_headers") == ["off"]
    assert set(directives(text, "client_body_temp_path") + directives(text, "proxy_temp_path")) == {
        "/dev/shm/nginx-body", "/dev/shm/nginx-proxy"}  # fmt: skip
    sent = {line.split()[0] for line in directives(text, "proxy_set_header")}
    assert sent == {"Host", "Connection", "Content-Type", "Accept-Encoding", "Origin", "Sec-Fetch-Site", "Cookie"}
    for secret in ("$remote_addr", "$proxy_add_x_forwarded_for", "$http_user_agent", "$http_referer", "$binary_remote"):
        assert secret not in text


def test_bodies_fit_the_doors_and_the_buffers() -> None:
    """A door itself says what is too much; and what nginx takes at all fits its buffer."""
    text = (DEPLOY / "nginx.conf").read_text()
    sizes, buffers = directives(text, "client_max_body_size"), directives(text, "client_body_buffer_size")
    assert sizes == buffers == ["2m", "3m", "9m", "3m", "9m"]
    for limit, size in ((furniture.REPORT_BODY_LIMIT, 2), (furniture.DESK_BODY_LIMIT, 2), (device.BODY_LIMIT, 3)):
        assert limit < size * MEGABYTE
    assert returning.PHOTO_LIMIT < 9 * MEGABYTE


def test_what_nginx_says_itself_has_the_headers_of_the_doors() -> None:
    text = (DEPLOY / "concerns-sorry.conf").read_text()
    added = dict(re.findall(r'^    add_header (\S+) "?([^"\n]*?)"? always;$', text, re.MULTILINE))
    expected = {**HEADERS, "Cache-Control": "no-store", "Strict-Transport-Security": "$hsts"}
    assert added == expected
    assert f'default "max-age={TWO_YEARS}";' in (DEPLOY / "nginx.conf").read_text()


def test_no_file_names_a_host_but_an_example() -> None:
    for path in DEPLOY.iterdir():
        for name in re.findall(r"\b[a-z0-9.-]+\.(?:org|com|net|uk|onion)\b", path.read_text()):
            assert name in {HOST, "example.org", ONION}, f"{path.name}: {name}"


@pytest.mark.parametrize("name", UNITS)
def test_units_name_settings_that_exist(name: str) -> None:
    text = (DEPLOY / name).read_text()
    given = dict(re.findall(r"^Environment=(\w+)=(.+)$", text, re.MULTILINE))
    assert set(given) <= SETTINGS
    door = name.removeprefix("concerns-").removesuffix(".service")
    assert f"ExecStart=/opt/concerns/.venv/bin/concerns run {door}\n" in text
    assert f"server {given['CONCERNS_BIND']};" in (DEPLOY / "nginx.conf").read_text()
    assert f"RuntimeDirectory=concerns-{door}\n" in text
    for line in ("LimitCORE=0", "MemorySwapMax=0", "PrivateTmp=yes", "NoNewPrivileges=yes", "ProtectSystem=strict",
                 "MemoryDenyWriteExecute=yes", "StandardOutput=null"):  # fmt: skip
        assert f"\n{line}\n" in text
    assert ("\nStandardError=null\nStateDirectory" in text.replace("\n\n", "\n")) == (door == "report")


@pytest.mark.parametrize("name", UNITS)
def test_systemd_takes_the_units_and_finds_them_tight(name: str, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("NO SYSTEMD-ANALYZE: the shipped units were read by our own eyes only.")
    unit = tmp_path / name
    unit.write_text((DEPLOY / name).read_text().replace("/opt/concerns/.venv/bin/concerns", "/bin/true"))
    for command in (["verify", "--man=no", str(unit)], ["security", "--offline=yes", "--threshold=20", str(unit)]):
        run = subprocess.run(["systemd-analyze", *command], capture_output=True, text=True, check=False)
        if "Unknown" in run.stderr and "option" in run.stderr.lower():
            continue  # an older one
        assert run.returncode == 0, run.stdout + run.stderr
        assert name not in run.stderr, run.stderr


def test_compose_names_settings_that_exist(compose: Any) -> None:
    for door in ("report", "desk"):
        service = compose["services"][door]
        assert set(service["environment"]) <= SETTINGS
        assert service["command"] == ["run", door]
        assert f"server {service['environment']['CONCERNS_BIND']};" in (DEPLOY / "nginx.conf").read_text()
        environ = {name: re.sub(r"\$\{\w+:\?\}", "secret", value) for name, value in service["environment"].items()}
        loaded = config.load(ROOT / "nowhere", environ)
        assert loaded.main_url != loaded.live_url and loaded.report_origins == (f"https://{HOST}",)


def test_compose_keeps_the_two_stores_apart_and_writes_no_log(compose: Any) -> None:
    services = compose["services"]
    assert {service["logging"]["driver"] for service in services.values()} == {"none"}
    assert services["main-store"]["volumes"] != services["live-store"]["volumes"]
    live = services["live-store"]["command"]
    assert "archive_mode=off" in live and "wal_level=minimal" in live
    assert compose["networks"]["stores"] == {"internal": True}
    for name in ("report", "main-store", "live-store"):
        assert services[name]["networks"] == ["stores"], name
        assert "ports" not in services[name]


def test_compose_starts_no_command_before_both_databases_answer(compose: Any) -> None:
    services = compose["services"]
    for door in ("report", "desk"):  # `run --rm desk init` waits as well
        healthy = {"condition": "service_healthy"}
        assert services[door]["depends_on"] == {"main-store": healthy, "live-store": healthy}
    for name in ("main-store", "live-store"):
        how, program, *options = services[name]["healthcheck"]["test"]
        said = dict(option.removeprefix("--").split("=") for option in options if "=" in option)
        user = services[name]["environment"]["POSTGRES_USER"]
        assert (how, program) == ("CMD", "pg_isready")
        # by TCP: the image makes the database with a server that listens on its socket alone
        assert said == {"host": "127.0.0.1", "username": user, "dbname": user}
        if shutil.which(program):
            asked = subprocess.run([program, *options, f"--port={free_port()}"], capture_output=True, check=False)
            assert (asked.returncode, asked.stderr) == (2, b""), "2 is “no response”, 3 that it does not know an option"


def test_compose_names_files_and_volumes_that_exist(compose: Any) -> None:
    mounted = [volume.split(":")[0] for service in compose["services"].values() for volume in service["volumes"]]
    for source in mounted:
        if source.startswith("./"):
            assert (DEPLOY / source).is_file(), source
        elif not source.startswith("/"):
            assert source in compose["volumes"], source
    build = compose["services"]["report"]["build"]
    assert (DEPLOY / build["context"]).resolve() == ROOT
    assert (ROOT / build["dockerfile"]).is_file()


def instructions() -> Iterator[list[str]]:
    text = re.sub(r"^#.*\n", "", (DEPLOY / "Containerfile").read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    return (shlex.split(line) for line in text.splitlines() if line.strip())


def test_the_container_file_copies_what_exists_and_runs_as_nobody_special() -> None:
    lines = list(instructions())
    assert {line[0] for line in lines} == {
        "FROM", "RUN", "WORKDIR", "COPY", "ENV", "USER", "VOLUME", "ENTRYPOINT", "CMD"}  # fmt: skip
    for line in lines:
        if line[0] == "COPY" and not line[1].startswith("--from="):
            for source in line[1:-1]:
                assert (ROOT / source).exists(), source
        if line[0] == "ENV":
            names = {pair.partition("=")[0] for pair in line[1:]}
            assert {name for name in names if name.startswith("CONCERNS")} <= SETTINGS
    assert [line[1] for line in lines if line[0] == "USER"] == ["concerns"]
    needed = {
        "pyproject.toml",
        "Makefile",
        "config.py",
        "wsgi.py",
        "concerns",
        "templates",
        "migrations",
        "requirements",
    }
    assert needed <= {word for line in lines if line[0] == "COPY" for word in line}


def test_tor_takes_the_onion_service_and_it_leads_to_nginx(tmp_path: Path) -> None:
    text = (DEPLOY / "torrc").read_text()
    (target,) = re.findall(r"^HiddenServicePort 80 (unix:\S+)$", text, re.MULTILINE)
    assert f"listen {target};" in (DEPLOY / "nginx.conf").read_text()
    if shutil.which("tor") is None:
        pytest.skip("NO TOR: the shipped torrc was compared with nginx.conf only.")
    own = tmp_path / "torrc"
    own.write_text(text.replace("/var/lib/tor/concerns/", f"{tmp_path}/onion/"))
    command = ["tor", "--verify-config", "-f", str(own), "--DataDirectory", str(tmp_path / "data")]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0 and "Configuration was valid" in run.stdout, run.stdout


def test_nginx_takes_the_configuration() -> None:
    with host() as hosted:
        hosted.test_nginx()
