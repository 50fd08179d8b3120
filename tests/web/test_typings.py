"""saldo-chat.d.ts says what docs/widget.md says, and TypeScript takes it and every snippet of docs/embedding.md."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from saldo.web.pages import STATIC
from tests.snippets import snippet, table
from tests.support import CHECKOUT, Caller, one_at_a_time

COMING = {"identity"}
"""In the typings already; the document's tables may not have them yet."""
TYPINGS = (STATIC / "saldo-chat.d.ts").read_text(encoding="utf-8")
PACKAGES = ("typescript@5.9", "@types/react@19", "vue@3.5")
STRICT = {
    "strict": True,
    "noEmit": True,
    "jsx": "react-jsx",
    "module": "esnext",
    "moduleResolution": "bundler",
    "target": "es2022",
    "types": [],
}
SAMPLE = """
import type { SaldoChat, SaldoMessage } from "./saldo-chat.js";

const chat: SaldoChat = document.querySelector("saldo-chat")!;
chat.identity = async () => (await fetch("/saldo-identity")).text();
chat.identity = () => null;
await chat.open({ text: "Waarom 60?", invoice: "2026-0142", focus: false });
await chat.send("Hoe zeg ik op?");
const shown: boolean = chat.opened;
chat.close();
await chat.signOut();
const heard: SaldoMessage[] = [];
document.addEventListener("saldo:message", ({ detail }) => heard.push(detail));
chat.addEventListener("saldo:error", ({ detail }) => console.log(detail.status.toFixed(), shown));
chat.addEventListener("click", ({ clientX }) => console.log(clientX));
const other: SaldoChat = document.createElement("saldo-chat");
"""
MISTAKES = (
    "chat.identity = 'eyJ.not.once';",
    "chat.opened = true;",
    "chat.say('hallo');",
    "await chat.open({ invoices: '2026-0142' });",
    "document.addEventListener('saldo:handover', ({ detail }) => detail.text);",
)


def members(kind: str) -> set[str]:
    """The names that an interface or class of the typings declares."""
    (body,) = re.findall(rf"^export (?:interface|class) {kind}\b[^\n]*\n(.*?)^}}", TYPINGS, re.DOTALL | re.MULTILINE)
    return set(re.findall(r'^  (?:readonly )?"?([\w:]+)"?\??[(:]', body, re.MULTILINE))


def test_the_typings_say_what_the_document_says() -> None:
    named = first_cells("Methods and events")
    for declared, documented in (
        (members("SaldoChatAttributes"), first_cells("Attributes")),
        (members("SaldoEvents"), {name for name in named if name.startswith("saldo:")}),
        (members("SaldoChat") - {"addEventListener"}, {name for name in named if ":" not in name}),
    ):
        assert documented - declared == set()
        assert declared - documented - COMING == set()


def first_cells(heading: str) -> set[str]:
    """What the rows of a section's tables begin with; methods without their brackets, attributes without a value."""
    return {re.split(r"[(=]", name)[0] for name in table("widget.md", heading)}


def test_they_are_served(caller: Caller) -> None:
    reply = caller.get("/saldo-chat.d.ts")
    assert (reply.status, reply.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert reply.body.decode() == TYPINGS


@pytest.fixture(scope="session")
def modules(needs_service: Callable[[str], NoReturn]) -> Path:
    """TypeScript, React's typings and Vue, fetched from npm into var/ once."""
    folder = CHECKOUT / "var" / "typings"
    fetched = folder / "node_modules"
    if shutil.which("npm") is None:
        needs_service("no npm here, which fetches TypeScript: apt-get install npm")
    with one_at_a_time(folder):
        if not (fetched / "vue").is_dir():
            subprocess.run(["npm", "install", "--silent", "--no-save", "--prefix", folder, *PACKAGES], check=False)
    if not (fetched / "vue").is_dir():
        needs_service(f"npm could not fetch {', '.join(PACKAGES)}")
    return fetched


@pytest.fixture
def check(modules: Path, tmp_path: Path) -> Callable[..., str]:
    """Writes files beside the typings and returns what TypeScript finds wrong with them, in its strictest mode."""
    (tmp_path / "saldo-chat.d.ts").write_text(TYPINGS)

    def run(files: dict[str, str], framework: bool = False) -> str:
        """Beside a framework's typings, which are taken as they are, or in a folder that has none."""
        if framework and not (tmp_path / "node_modules").is_symlink():
            (tmp_path / "node_modules").symlink_to(modules)
        for name, text in files.items():
            (tmp_path / name).write_text(text)
        options = {**STRICT, "skipLibCheck": framework}
        (tmp_path / "tsconfig.json").write_text(json.dumps({"compilerOptions": options, "files": list(files)}))
        command = ["node", str(modules / "typescript" / "bin" / "tsc")]
        ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        return ran.stdout

    return run


def test_typescript_takes_a_page_that_uses_all_of_it(check: Callable[..., str]) -> None:
    assert check({"page.ts": SAMPLE}) == ""


def test_typescript_finds_the_mistakes(check: Callable[..., str]) -> None:
    found = check({"page.ts": SAMPLE + "\n".join(MISTAKES)})
    lines = {int(line) for line in re.findall(r"^page\.ts\((\d+),", found, re.MULTILINE)}
    first = SAMPLE.count("\n") + 1
    assert lines == set(range(first, first + len(MISTAKES))), found


def test_the_react_snippet_is_right(check: Callable[..., str]) -> None:
    component = snippet("embedding.md", "React", "tsx")
    assert check({"help.tsx": component}, framework=True) == ""
    assert "'\"de\"' is not assignable" in check({"help.tsx": component.replace('"nl"', '"de"')}, framework=True)


def test_the_vue_snippets_are_right(check: Callable[..., str], modules: Path, tmp_path: Path) -> None:
    """What Vue's own compiler makes of the component, configured as shown, is TypeScript without a mistake."""
    (tmp_path / "help.vue").write_text(snippet("embedding.md", "Vue", "vue"))
    configuration = snippet("embedding.md", "Vue", "js")
    assert '"@vitejs/plugin-vue"' in configuration
    (tmp_path / "vite.config.mjs").write_text(configuration.replace("@vitejs/plugin-vue", "./plugin.mjs"))
    (tmp_path / "plugin.mjs").write_text("export default (options) => options;")  # it hands them to that compiler
    (tmp_path / "node_modules").symlink_to(modules)
    (tmp_path / "compile.mjs").write_text(COMPILE)
    made = subprocess.run(["node", "compile.mjs"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    assert "resolveComponent" not in made.stdout
    assert check({"help.ts": made.stdout}, framework=True) == ""


COMPILE = """import { readFileSync } from "node:fs";
import { compileScript, parse } from "vue/compiler-sfc";
import configuration from "./vite.config.mjs";

const [{ template }] = configuration.plugins;
const told = { templateParseOptions: template.compilerOptions };
const { descriptor, errors } = parse(readFileSync("help.vue", "utf8"), told);
if (errors.length) throw errors[0];
const options = { id: "help", inlineTemplate: true, templateOptions: template };
console.log(compileScript(descriptor, options).content);
"""
