"""What a shell offers to complete a line with, once it has read `axon completion SHELL`."""

from __future__ import annotations

import os
import pty
import subprocess
from pathlib import Path

import pytest

BASH = """\
source <(axon completion bash)
read -ra COMP_WORDS <<< "$1"
[[ $1 == *" " ]] && COMP_WORDS+=("")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_axon
printf "%s\\n" "${COMPREPLY[@]}"
"""
# A line editor of its own is what zsh completes in; compadd is what every completion ends in.
ZSH = """\
autoload -Uz compinit && compinit -u -D
source <(axon completion zsh)
compadd() {
  local -a found
  builtin compadd -A found "$@"
  (( $#found )) && print -rl -- $found >>$OFFERED
}
complete-and-leave() {
  BUFFER=$LINE_TO_COMPLETE CURSOR=$#BUFFER
  zle complete-word
  BUFFER=exit
  zle accept-line
}
zle -N zle-line-init complete-and-leave
"""
FISH = 'axon completion fish | source; complete -C "$argv[1]"'
SECONDS = 60


class Shells:
    """Each gives the words that are offered, sorted."""

    def __init__(self, axon: str, folder: Path, env: dict[str, str]) -> None:
        self._folder = folder
        (folder / "bin").mkdir()
        (folder / "bin" / "axon").symlink_to(axon)
        self.env = env | {"PATH": f"{folder}/bin:{env['PATH']}", "TERM": "dumb"}

    def bash(self, line: str) -> list[str]:
        return sorted(self._run("bash", "-c", BASH, "bash", line).split())

    def fish(self, line: str) -> list[str]:
        return sorted(offer.split("\t")[0] for offer in self._run("fish", "-c", FISH, "--", line).splitlines())

    def zsh(self, line: str) -> list[str]:
        offered = self._folder / "offered"
        offered.write_text("")
        (self._folder / ".zshrc").write_text(ZSH)
        env = self.env | {"ZDOTDIR": str(self._folder), "OFFERED": str(offered), "LINE_TO_COMPLETE": line}
        ours, theirs = pty.openpty()
        try:
            subprocess.run(["zsh", "-i"], env=env, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
                           timeout=SECONDS, check=True)
        except FileNotFoundError:
            pytest.skip("zsh is not installed")
        finally:
            os.close(theirs)
            os.close(ours)
        return sorted(offered.read_text().split())

    def _run(self, *command: str) -> str:
        try:
            done = subprocess.run(command, env=self.env, text=True, capture_output=True, timeout=SECONDS, check=True)
        except FileNotFoundError:
            pytest.skip(f"{command[0]} is not installed")
        assert done.stderr == "", done.stderr
        return done.stdout
