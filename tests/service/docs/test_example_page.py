"""A page's examples are read, run and compared so that no example can be wrong unseen."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service.docs.example_page import CodeBlock, PageError, read_sections, shown_matches
from tests.service.docs.example_shell import BlockFailedError, ExampleShell

PAGE = """\
# A page

## First

Words.

```bash
echo one
```

```text
one
```

## Words alone

## Second

```python
# two.py
print(2)
```

```bash
python two.py
```
"""


def test_sections_have_their_blocks_in_order_and_what_is_shown() -> None:
    first, second = read_sections(PAGE)
    assert (first.title, second.title) == ("First", "Second")
    (example,) = first.examples
    assert example.block == CodeBlock("bash", "echo one\n", 7)
    assert example.shown == CodeBlock("text", "one\n", 11)
    saved, run = second.examples
    assert saved.block.file_name == "two.py"
    assert (run.block.text, run.shown) == ("python two.py\n", None)


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("```yaml\na: 1\n```\n", "nothing runs a block of yaml"),
        ("```\necho\n```\n", "nothing runs a block of no name"),
        ("```bash\necho\n", "is not closed"),
        ("```bash hidden\necho\n```\n", "nothing may stand after the language"),
        ("```text\none\n```\n", "no command stands before"),
        ("```bash\necho\n```\n```text\na\n```\n```text\nb\n```\n", "no command stands before"),
        ("```python\nprint(2)\n```\n", "names no file of python"),
        ("```ts\n# two.py\n```\n", "names no file of ts"),
        ("Run:\n\n    echo one\n", "is not run"),
    ],
)
def test_a_block_that_nobody_would_run_is_an_error(page: str, told: str) -> None:
    with pytest.raises(PageError, match=told):
        read_sections(page)


@pytest.mark.parametrize(
    ("shown", "came"),
    [
        ("one", "one\n"),
        ("a ... c\n", "a b c  \n\n"),
        ("...", "\ufeffwhatever\nlines"),
        ("first\n...\nlast", "first\n2\n3\nlast"),
        ('{"score": ...,', '{"score": 0.1,'),
    ],
)
def test_an_output_is_what_is_shown(shown: str, came: str) -> None:
    assert shown_matches(shown, came)


@pytest.mark.parametrize(
    ("shown", "came"),
    [
        ("one", "one\ntwo"),
        ("a ... c", "a b d"),
        ("a.c", "abc"),
        ("first\n...\nlast", "first\nlast of all\nmore"),
        ("", "something"),
        ("something", ""),
    ],
)
def test_another_output_is_not(shown: str, came: str) -> None:
    assert not shown_matches(shown, came)


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[ExampleShell]:
    opened = ExampleShell(tmp_path, {"PATH": os.environ["PATH"]})
    yield opened
    opened.close()


def test_a_shell_keeps_variables_folders_and_functions(shell: ExampleShell) -> None:
    (shell.folder / "inner").mkdir()
    assert shell.run('name=å; cd inner; hello() { echo "hello $1"; }; echo ok >&2') == ""
    assert shell.run('hello "$name"; basename "$PWD"') == "hello å\ninner\n"


@pytest.mark.parametrize("block", ["echo one; false; echo after", "false | cat", "echo $no", "if"])
def test_the_first_failure_ends_a_shell(shell: ExampleShell, block: str) -> None:
    with pytest.raises(BlockFailedError) as told:
        shell.run(block)
    assert "after\n" not in str(told.value).removeprefix(block)
    assert not shell.alive


def test_a_block_that_hangs_is_ended(shell: ExampleShell) -> None:
    began = time.monotonic()
    with pytest.raises(BlockFailedError, match="sleep 60"):
        shell.run("sleep 60", seconds=0.3)
    assert time.monotonic() - began < 30
    assert not shell.alive


def test_servers_end_with_their_shell(shell: ExampleShell) -> None:
    number = int(shell.run("sleep 60 > /dev/null & echo $!"))
    os.kill(number, 0)
    shell.close()
    for _ in range(100):
        if not Path(f"/proc/{number}").exists() or is_zombie(number):
            break
        time.sleep(0.05)
    else:
        pytest.fail("it still runs")


def is_zombie(number: int) -> bool:
    try:
        return " Z " in Path(f"/proc/{number}/stat").read_text("utf-8")
    except FileNotFoundError:
        return True
