"""The services that stand for a whole market on a machine that stays on."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from hub.config import PREFIX, Settings
from hub.gear.broker import program
from wire import topic

ROOT = Path(__file__).parents[1]
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
ROLES = ("api-1", "api-2", "ingest-1", "ingest-2", "timer-1")
BROKER = ROOT / "firmware_configs" / "broker"
BUILT = {name: service for name, service in SERVICES.items() if "build" in service}


@pytest.fixture
def drawn(tmp_path: Path) -> Path:
    """A copy of what compose reads, with passwords drawn."""
    shutil.copy(ROOT / "docker-compose.yml", tmp_path)
    shutil.copytree(ROOT / "docker", tmp_path / "docker", ignore=shutil.ignore_patterns("*.env"))
    subprocess.run([tmp_path / "docker" / "new-env"], check=True, capture_output=True)
    return tmp_path


def settings(file: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in file.read_text().splitlines())


def dockerfile(name: str) -> str:
    file: str = BUILT[name]["build"]["dockerfile"]
    return (ROOT / file).read_text()


def test_each_shape_has_its_services_and_they_come_back_and_are_looked_after() -> None:
    shapes = {
        shape: {name for name, service in SERVICES.items() if shape in service["profiles"]}
        for shape in ("one", "cluster")
    }
    assert shapes["one"] == {"nats", "postgres", "hub", "edge"}
    roles = {"api-1", "api-2", "ingest-1", "ingest-2", "timer-1"}
    assert shapes["cluster"] == {"nats-1", "nats-2", "nats-3", "postgres", *roles}
    assert set(SERVICES) == shapes["one"] | shapes["cluster"]
    for name, service in SERVICES.items():
        assert service["restart"] == "unless-stopped"
        assert "healthcheck" in service or "HEALTHCHECK" in dockerfile(name)


def test_each_waits_until_what_it_leans_on_is_well() -> None:
    waits = {name: service.get("depends_on", {}) for name, service in SERVICES.items()}
    assert set(waits["hub"]) == {"nats", "postgres"}
    assert set(waits["edge"]) == {"hub"}
    for role in ROLES:
        assert set(waits[role]) == {"nats-1", "nats-2", "nats-3", "postgres"}
    assert all(how == {"condition": "service_healthy"} for on in waits.values() for how in on.values())


def test_in_a_cluster_each_process_has_one_role_and_the_stream_is_kept_by_all_brokers() -> None:
    assert {name: SERVICES[name]["command"][-1] for name in ROLES} == {
        name: name.partition("-")[0] for name in ROLES
    }
    for name in ROLES:
        given = SERVICES[name]["environment"]
        settings = Settings(**{key.removeprefix(PREFIX).lower(): value for key, value in given.items()})
        assert (settings.gear, settings.stream_replicas, settings.port) == ("jetstream", 3, 8080)
        reached = {urlsplit(one).hostname for one in settings.broker.split(",") if one.startswith("nats://")}
        assert reached == {"nats-1", "nats-2", "nats-3"}
        assert "mqtt://nats:1883" in settings.broker
    servers = [SERVICES[f"nats-{number}"] for number in (1, 2, 3)]
    assert [server["environment"]["LF_SERVER"] for server in servers] == ["nats-1", "nats-2", "nats-3"]
    assert len({server["volumes"][-1] for server in servers}) == 3
    assert all(server["networks"] == {"default": {"aliases": ["nats"]}} for server in servers)


def test_only_the_pages_can_be_reached_and_only_from_this_machine() -> None:
    assert {name: service.get("ports") for name, service in SERVICES.items() if "ports" in service} == {
        "hub": ["127.0.0.1:${LIANFANG_PORT:-8080}:8080"],
        "api-1": ["127.0.0.1:${LIANFANG_PORT:-8080}:8080"],
        "api-2": ["127.0.0.1:${LIANFANG_PORT_2:-8081}:8080"],
    }


def test_no_secret_stands_in_the_file_and_none_is_mounted_from_the_host() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    assert not re.search(r"(?i)(password|key|token)\w*\s*[:=]", re.sub(r"#.*", "", text))
    mounts = [mount for service in SERVICES.values() for mount in service.get("volumes", ())]
    assert {mount for mount in mounts if mount.startswith((".", "/", "~"))} == {
        "./firmware_configs/broker:/etc/lianfang:ro"
    }


def test_our_own_services_run_without_root_and_cannot_change_their_programs() -> None:
    for name, service in BUILT.items():
        assert re.search(r"^USER lianfang$", dockerfile(name), re.MULTILINE)
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]


def test_everything_an_image_copies_is_in_the_tree() -> None:
    built_at_set_up = {"README.md"}
    for name in BUILT:
        copied = re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile(name), re.MULTILINE)
        sources = {source for line in copied for source in line.split()} - built_at_set_up
        assert sources
        assert all((ROOT / source).exists() for source in sources), sources


def test_the_image_of_the_edge_is_built_on_an_ffmpeg_without_gpl_parts() -> None:
    text = dockerfile("edge")
    assert "--disable-gpl --disable-nonfree" in text
    assert "grep -q 'FFMPEG_LICENSE \"LGPL' config.h" in text
    assert "--no-binary av" in text, "PyAV's wheel carries x264 and x265"


def test_passwords_are_drawn_once_fit_each_other_and_are_read_by_their_owner_alone(drawn: Path) -> None:
    files = {file.stem: file for file in (drawn / "docker").glob("*.env")}
    assert set(files) == {"postgres", "nats", "hub", "edge"}
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in files.values())
    needs = {name: "nats" if name.startswith("nats") else name for name in SERVICES}
    needs |= dict.fromkeys(ROLES, "hub")
    assert {name: service["env_file"] for name, service in SERVICES.items()} == {
        name: [f"docker/{needs[name]}.env"] for name in SERVICES
    }
    said = {name: settings(file) for name, file in files.items()}
    rows = said["postgres"]["POSTGRES_PASSWORD"]
    assert said["hub"]["LIANFANG_DATABASE"] == f"postgresql+psycopg://lianfang:{rows}@postgres/lianfang"
    assert said["hub"]["LIANFANG_BROKER_PASSWORD"] == said["nats"]["HUB_PASSWORD"]
    assert said["edge"]["LF_KEY"] == said["nats"]["EDGE_PASSWORD"]
    route = said["nats"]["ROUTE_PASSWORD"]
    assert said["nats"]["ROUTES"].count(f"nats://route:{route}@nats-") == 3
    assert len({rows, *said["nats"].values()}) == 5
    assert settings(drawn / ".env") == {"COMPOSE_PROFILES": "one"}

    again = subprocess.run([drawn / "docker" / "new-env"], check=False, capture_output=True, text=True)
    assert again.returncode == 1
    assert "is there already" in again.stderr


def test_the_hub_knows_every_setting_that_its_container_is_given(drawn: Path) -> None:
    given = {key for name in ("hub", *ROLES) for key in SERVICES[name]["environment"]}
    given |= set(settings(drawn / "docker" / "hub.env"))
    given |= set(re.findall(r"(LIANFANG_\w+)=\S+", dockerfile("hub")))
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    assert given <= known


def test_the_broker_lets_the_device_say_and_hear_what_the_topics_allow_and_no_more() -> None:
    accounts = (BROKER / "accounts.conf").read_text()
    publish, subscribe = (
        set(re.findall(r'"([^"]+)"', part))
        for part in re.findall(r"(?:publish|subscribe): \{ allow: \[(.*?)\]", accounts, re.DOTALL)
    )
    assert publish == {text.replace("/", ".") for text in topic.may_publish("yunda", "edge-west")}
    hears = {text.replace("/", ".") for text in topic.may_subscribe("yunda", "edge-west")}
    assert subscribe == hears | {f"{text}.>" for text in hears} | {"$MQTT.sub.>"}


@pytest.mark.parametrize("file", ["nats.conf", "cluster.conf"])
def test_the_broker_itself_understands_what_it_is_told(drawn: Path, file: str) -> None:
    assert 'include "accounts.conf"' in (BROKER / file).read_text()
    env = settings(drawn / "docker" / "nats.env") | {"LF_SERVER": "nats-1"}
    subprocess.run([program(), "-t", "-c", BROKER / file], env=env, check=True, capture_output=True)


@pytest.mark.parametrize("shape", ["one", "cluster"])
def test_compose_itself_finds_nothing_wrong(drawn: Path, shape: str) -> None:
    tool = compose()
    if tool is None:
        pytest.skip("neither `docker-compose` nor `docker compose` is here")
    (drawn / ".env").write_text(f"COMPOSE_PROFILES={shape}\n")
    asked = [*tool, "config", "--services"]
    done = subprocess.run(asked, cwd=drawn, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    wanted = {name for name, service in SERVICES.items() if shape in service["profiles"]}
    assert wanted <= set(done.stdout.split())


def compose() -> list[str] | None:
    if found := shutil.which("docker-compose"):
        return [found]
    docker = shutil.which("docker")
    asked = docker and subprocess.run([docker, "compose", "version"], check=False, capture_output=True)
    return [docker, "compose"] if docker and asked and asked.returncode == 0 else None
