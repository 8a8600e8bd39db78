"""The one-file verifier: up to date, plain Python 3.8, and its exit codes and sentences."""

import ast
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from community.transparency.rules import merkle, receipts, tiles
from community.transparency.rules.audit.program import main
from community.transparency.rules.paper import write_paper
from tests.architecture import house
from tests.transparency import written
from tests.transparency.invented_books import REPORT, VOUCHER, fund_records

pytestmark = pytest.mark.once

FILE = house.ROOT / "static/verify.py"
Said = Callable[..., tuple[int, str]]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Said:
    """Run the verifier's program and return its exit code and what it said."""

    def run(*words: object) -> tuple[int, str]:
        code = main([str(one) for one in words])
        return code, capsys.readouterr().out

    return run


def bytes_of(count: int) -> list[bytes]:
    return [b"entry %d \xff" % index for index in range(count)]


def test_the_file_is_up_to_date() -> None:
    command = [sys.executable, ".ci/verifier.py", "--check"]
    assert subprocess.run(command, cwd=house.ROOT, check=False).returncode == 0, "make verify.py"


def test_the_file_is_python_3_8_and_imports_nothing_else() -> None:
    tree = ast.parse(FILE.read_text(encoding="utf-8"), feature_version=(3, 8))
    roots = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        for name in (
            [one.name for one in node.names]
            if isinstance(node, ast.Import)
            else [str(node.module)]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert roots <= set(sys.stdlib_module_names)


@pytest.mark.parametrize("version", ["3.8", "3.9", "3.13"])
def test_the_file_runs_on_other_versions(version: str, tmp_path: Path) -> None:
    python = shutil.which(f"python{version}")
    works = python and subprocess.run([python, "-V"], capture_output=True, check=False)
    if not python or not works or works.returncode:
        pytest.skip(f"there is no Python {version} here")
    pack = written.write_pack(tmp_path / "pack.zip", the_pack())
    done = subprocess.run([python, FILE, "pack", pack], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()


@pytest.mark.parametrize("count", [0, 1, 255, 256, 257, 700])
def test_a_log_of_any_size_holds(count: int, tmp_path: Path, say: Said) -> None:
    folder = written.write_folder(tmp_path, written.log_files(bytes_of(count)))
    code, said = say("log", folder, "--key", written.KEY)
    assert code == 0, said
    root = merkle.root_of(map(merkle.leaf_hash, bytes_of(count)))
    assert f"size   {count}\n" in said
    assert root.hex() in said


def test_a_log_of_two_levels_of_tiles_holds(tmp_path: Path, say: Said) -> None:
    folder = written.write_folder(tmp_path, written.log_files(bytes_of(66_000)))
    assert say("log", folder, "--key", written.KEY)[0] == 0


def test_old_partial_tiles_may_stay(tmp_path: Path, say: Said) -> None:
    written.write_folder(tmp_path, written.log_files(bytes_of(200)))
    written.write_folder(tmp_path, written.log_files(bytes_of(300)))
    assert (tmp_path / "tile/entries/000.p/200").exists()
    assert say("log", tmp_path, "--key", written.KEY)[0] == 0


@pytest.mark.parametrize("name", sorted(written.log_files(bytes_of(300))))
def test_each_changed_file_of_a_log_is_named(name: str, tmp_path: Path, say: Said) -> None:
    written.write_folder(tmp_path, written.log_files(bytes_of(300)))
    path = tmp_path / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    code, said = say("log", tmp_path, "--key", written.KEY)
    assert code in {1, 2}
    assert Path(name).parent.name.split(".")[0] in said


@pytest.mark.parametrize("name", sorted(set(written.log_files(bytes_of(300)))))
def test_each_missing_file_of_a_log_is_named(name: str, tmp_path: Path, say: Said) -> None:
    written.write_folder(tmp_path, written.log_files(bytes_of(300)))
    (tmp_path / name).unlink()
    code, said = say("log", tmp_path, "--key", written.KEY)
    assert code == (2 if name == "checkpoint" else 1)
    assert name in said


@pytest.mark.parametrize("name", ["tile/0/002.p/3", "tile/entries/009", "tile/0/1", "tile/x/000"])
def test_a_tile_nobody_signed_is_named(name: str, tmp_path: Path, say: Said) -> None:
    written.write_folder(tmp_path, {**written.log_files(bytes_of(300)), name: bytes(96)})
    code, said = say("log", tmp_path, "--key", written.KEY)
    assert code == 1
    assert name in said


def test_files_beside_the_tiles_are_no_part_of_the_log(tmp_path: Path, say: Said) -> None:
    files = {**written.log_files(bytes_of(3)), "README.md": b"x", "tile/.state": b"y"}
    assert say("log", written.write_folder(tmp_path, files), "--key", written.KEY)[0] == 0


def test_another_key_cannot_tell(tmp_path: Path, say: Said) -> None:
    written.write_folder(tmp_path, written.log_files(bytes_of(3)))
    other = "example.org/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    code, said = say("log", tmp_path, "--key", other.replace("org", "com"))
    assert code == 2
    assert "Cannot tell" in said


def test_a_key_may_be_in_a_file(tmp_path: Path, say: Said) -> None:
    written.write_folder(tmp_path / "log", written.log_files(bytes_of(3)))
    (tmp_path / "keys").write_text(f"# keys\n{written.KEY}\n")
    assert say("log", tmp_path / "log", "--key", tmp_path / "keys")[0] == 0


def test_a_log_rebuilt_with_the_same_key_is_caught_by_an_older_checkpoint(
    tmp_path: Path, say: Said
) -> None:
    paper = write_paper(written.checkpoint_of(bytes_of(280)))
    rebuilt = bytes_of(300)
    rebuilt[17] = b"another entry"
    written.write_folder(tmp_path, written.log_files(rebuilt))
    assert say("log", tmp_path, "--key", written.KEY)[0] == 0
    code, said = say(
        "log", tmp_path, "--key", written.KEY, "--checkpoint", f"https://a.example/verify#{paper}"
    )
    assert code == 1
    assert "checkpoint of size 280" in said
    code, said = say("checkpoint", paper, tmp_path, "--key", written.KEY)
    assert code == 1
    assert "the log was rewritten" in said


def test_a_log_cut_short_is_caught_by_an_older_checkpoint(tmp_path: Path, say: Said) -> None:
    paper = write_paper(written.checkpoint_of(bytes_of(280)))
    written.write_folder(tmp_path, written.log_files(bytes_of(200)))
    code, said = say("checkpoint", paper, tmp_path, "--key", written.KEY)
    assert code == 1
    assert "entries were removed" in said


def test_two_checkpoints_alone_tell_only_at_one_size(tmp_path: Path, say: Said) -> None:
    for name, size in (("a", 5), ("b", 9)):
        (tmp_path / name).write_bytes(written.checkpoint_of(bytes_of(size)))
    assert say("checkpoint", tmp_path / "a", tmp_path / "b", "--key", written.KEY)[0] == 2
    assert say("checkpoint", tmp_path / "a", tmp_path / "a", "--key", written.KEY)[0] == 0
    assert say("checkpoint", tmp_path / "b", tmp_path / "a", "--key", written.KEY)[0] == 1


def receipt_of(index: int, records: list[bytes]) -> bytes:
    leaves = [merkle.leaf_hash(one) for one in records]

    def node_at(level: int, place: int) -> bytes:
        return tiles.perfect_root(leaves[place << level : place + 1 << level])

    proof = merkle.prove_inclusion(index, len(records), node_at)
    return receipts.write_receipt(records[index], index, proof, written.checkpoint_of(records))


def test_a_receipt_holds_and_shows_its_record(tmp_path: Path, say: Said) -> None:
    (tmp_path / "r").write_bytes(receipt_of(7, fund_records()))
    code, said = say("receipt", tmp_path / "r", "--key", written.KEY)
    assert code == 0
    assert fund_records()[7].decode() in said


def test_a_changed_receipt_does_not_hold(tmp_path: Path, say: Said) -> None:
    whole = receipt_of(7, fund_records())
    for place in range(0, len(whole), 7):
        changed = bytearray(whole)
        changed[place] ^= 2
        (tmp_path / "r").write_bytes(changed)
        assert say("receipt", tmp_path / "r", "--key", written.KEY)[0] in {1, 2}, place


def test_no_command_shows_what_there_is(say: Said) -> None:
    code, said = say()
    assert code == 2
    assert "audit pack" in said


def the_pack() -> dict[str, bytes]:
    return written.pack_files(fund_records(), [VOUCHER], [REPORT], older=(3, 9, 12))


def test_a_pack_holds(tmp_path: Path, say: Said) -> None:
    code, said = say("pack", written.write_pack(tmp_path / "pack.zip", the_pack()))
    assert code == 0, said
    count = len(fund_records())
    assert f"{count} records, 6 transactions, 3 older checkpoints" in said


def test_an_unpacked_pack_holds(tmp_path: Path, say: Said) -> None:
    written.write_folder(tmp_path, written.with_contents(the_pack()))
    assert say("pack", tmp_path)[0] == 0


@pytest.mark.parametrize("name", sorted(the_pack()))
def test_each_changed_file_of_a_pack_is_named(name: str, tmp_path: Path, say: Said) -> None:
    files = written.with_contents(the_pack())
    changed = bytearray(files[name])
    changed[len(changed) // 3] ^= 4
    code, said = say("pack", written.write_folder(tmp_path, {**files, name: bytes(changed)}))
    assert code in {1, 2}
    assert name in said


@pytest.mark.parametrize("name", sorted(set(the_pack()) - {"log/checkpoint", "keys.txt"}))
def test_each_file_changed_together_with_the_list_is_found(
    name: str, tmp_path: Path, say: Said
) -> None:
    files = the_pack()
    changed = bytearray(files[name])
    changed[len(changed) // 3] ^= 4
    files[name] = bytes(changed)
    code, _ = say("pack", written.write_pack(tmp_path / "pack.zip", files))
    assert code == 1


def test_a_byte_of_the_container_itself_is_found(tmp_path: Path, say: Said) -> None:
    path = written.write_pack(tmp_path / "pack.zip", the_pack())
    whole = path.read_bytes()
    for place in range(0, len(whole), 97):
        changed = bytearray(whole)
        changed[place] ^= 1
        path.write_bytes(changed)
        assert say("pack", path)[0] in {1, 2}, place


def test_a_pack_rebuilt_with_the_same_key_is_caught_by_paper(tmp_path: Path, say: Said) -> None:
    paper = write_paper(written.checkpoint_of(fund_records()[:12]))
    records = fund_records()
    records[0] = records[0].replace(b"fund/1", b"fund/2")
    path = written.write_pack(
        tmp_path / "pack.zip", written.pack_files(records, [VOUCHER], [REPORT])
    )
    assert say("pack", path)[0] == 0
    code, said = say("pack", path, "--checkpoint", paper)
    assert code == 1
    assert "the log was rewritten" in said


def test_a_file_that_is_no_pack_cannot_tell(tmp_path: Path, say: Said) -> None:
    (tmp_path / "x.zip").write_bytes(b"no zip")
    assert say("pack", tmp_path / "x.zip")[0] == 2
    assert say("pack", tmp_path)[0] == 2


def test_a_list_nested_too_deeply_cannot_be_read(tmp_path: Path, say: Said) -> None:
    (tmp_path / "contents.json").write_text("[" * 100_000, encoding="utf-8")
    code, said = say("pack", tmp_path)
    assert code == 2
    assert "contents.json" in said


def test_a_size_beyond_all_files_is_judged_by_the_files_there_are(
    tmp_path: Path, say: Said
) -> None:
    """A signer may claim any size; no list as long as that is made."""
    files = {
        **written.log_files(bytes_of(3)),
        "checkpoint": written.sign_checkpoint(2**62, b"r" * 32),
    }
    code, said = say("log", written.write_folder(tmp_path, files), "--key", written.KEY)
    assert code == 1
    assert "tile/entries/000" in said
