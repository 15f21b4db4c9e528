"""Random templates and schedules from a grammar, for holding controller/template and controller/cron to Go's own."""

from __future__ import annotations

import random

LITERALS = ["0", "1", "2", "-3", "42", "1.5", "1e6", "0x1f", "'a'", '"x"', '"a<b>"', '""', "`r`", "true", "false"]
FIELDS = [".Title", ".Number", ".Float", ".None", ".Empty", ".Labels", ".List", ".Ints", ".Map", ".Map.m", ".Map.m.x",
          ".Deps", ".Deps.build", ".Deps.build.Results", ".Deps.build.Outputs", ".Uni", ".Zero", ".No", ".Yes", "."]
VERBS = "vdsqxXtTfgecboUGEz"
FUNCTIONS = ["and", "or", "not", "len", "index", "slice", "print", "println", "html", "js", "urlquery", "eq", "ne", "lt",
             "le", "gt", "ge"]
NAMES = ["a", "m", "x", "k", "Name", "build", "Results", "branch", "no"]


class Grammar:
    """One template for each call of `template`; the same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.variables: list[str] = []

    def template(self) -> str:
        self.variables = []
        return self.nodes(3)

    def some(self, *choices: str) -> str:
        return self.random.choice(choices)

    def nodes(self, depth: int) -> str:
        scope = len(self.variables)
        made = "".join(self.node(depth) for _ in range(self.random.randint(1, 3)))
        del self.variables[scope:]
        return made

    def left(self) -> str:
        return self.some("{{", "{{", "{{", "{{- ")

    def right(self) -> str:
        return self.some("}}", "}}", "}}", " -}}")

    def tag(self, inside: str) -> str:
        return self.left() + inside + self.right()

    def node(self, depth: int) -> str:
        kind = self.random.randrange(10 if depth else 5)
        if kind == 0:
            return self.some("text", " ", " a\n b ", "\t", "\u00fc")
        if kind < 4:
            return self.tag(self.pipeline(2))
        if kind == 4:
            return self.declaration()
        if kind == 5:
            return self.block("if", depth)
        if kind == 6:
            return self.block("with", depth)
        if kind == 7:
            name = f'"t{self.random.randrange(1 << 30)}"'
            return self.tag(f"block {name} {self.pipeline(1)}") + self.some("x", "{{.}}", "{{$}}") + self.tag("end")
        return self.range(depth)

    def declaration(self) -> str:
        if self.variables and self.random.random() < 0.4:
            return self.tag(f"{self.random.choice(self.variables)} = {self.pipeline(1)}")
        made = self.tag(f"$v{len(self.variables)} := {self.pipeline(1)}")
        self.variables.append(f"$v{len(self.variables)}")
        return made

    def block(self, word: str, depth: int) -> str:
        made = self.tag(f"{word} {self.pipeline(2)}") + self.nodes(depth - 1)
        if self.random.random() < 0.3:
            made += self.tag(f"else {word} {self.pipeline(1)}") + self.nodes(depth - 1)
        if self.random.random() < 0.5:
            made += self.tag("else") + self.nodes(depth - 1)
        return made + self.tag("end")

    def range(self, depth: int) -> str:
        scope = len(self.variables)
        over = self.some(".Labels", ".List", ".Ints", ".Map", ".Deps", "3", "$.Map", "$.List", self.operand(1))
        names = self.some("", "", "$i", "$i, $e")
        made = self.tag(f"range {names + ' := ' if names else ''}{over}")
        self.variables += names.split(", ") if names else []
        made += self.nodes(depth - 1)
        if self.random.random() < 0.2:
            made += self.tag(f"if {self.operand(1)}") + self.tag(self.some("break", "continue")) + self.tag("end")
        made += self.nodes(depth - 1) if self.random.random() < 0.5 else ""
        if self.random.random() < 0.3:
            made += self.tag("else") + self.nodes(depth - 1)
        del self.variables[scope:]
        return made + self.tag("end")

    def pipeline(self, depth: int) -> str:
        stages = [self.operand(depth)]
        while self.random.random() < 0.3:
            stages.append(self.call(0))
        return self.some(" | ", "|").join(stages)

    def operand(self, depth: int) -> str:
        kind = self.random.randrange(8 if depth else 5)
        if kind < 2:
            return self.random.choice(LITERALS)
        if kind < 4 or (kind == 4 and not self.variables):
            return self.some("$", "") + self.random.choice(FIELDS) if self.random.random() < 0.9 else ".Nope"
        if kind == 4:
            return self.random.choice(self.variables) + self.some("", "", "." + self.random.choice(NAMES))
        return f"({self.call(depth - 1)})" + self.some("", "", "", "." + self.random.choice(NAMES))

    def call(self, depth: int) -> str:
        if self.random.random() < 0.35:
            return " ".join(["printf", self.format(), *(self.operand(depth) for _ in range(self.random.randint(0, 3)))])
        function = self.random.choice(FUNCTIONS)
        counts = {"not": 1, "len": 1}.get(function, 2)
        if self.random.random() < 0.15:
            counts = self.random.randint(0, 3)
        operands = [self.operand(depth) for _ in range(counts)]
        if function == "index" and operands and self.random.random() < 0.7:
            operands[0] = self.some(".List", ".Map", ".Deps.build.Results", ".Labels", "$.Map", ".Title")
            operands[1:] = [self.some(*(f'"{name}"' for name in NAMES), "0", "1", "2")]
        if function == "slice" and operands and self.random.random() < 0.7:
            operands[0] = self.some(".List", ".Title", ".Labels")
            operands[1:] = [str(n) for n in sorted(self.random.choices(range(4), k=self.random.randint(0, 2)))]
        return " ".join([function, *operands])

    def format(self) -> str:
        parts = []
        for _ in range(self.random.randint(1, 3)):
            flags = "".join(self.random.sample("+-# 0", self.random.choice([0, 0, 1, 2])))
            width = self.some("", "", "", "1", "6", "12", "*")
            precision = self.some("", "", "", ".", ".0", ".2", ".7", ".*")
            index = self.some("", "", "", "", "", "[1]", "[2]")
            parts.append(self.some("", "x", " ") + f"%{flags}{width}{precision}{index}{self.random.choice(VERBS)}")
        return '"' + "".join(parts) + self.some("", "", "%%", "!") + '"'


def mutated(text: str, chance: random.Random) -> str:
    """The same with one piece gone, doubled or strange: mostly no template any more."""
    at = chance.randrange(len(text))
    end = min(len(text), at + chance.randint(1, 4))
    return text[:at] + chance.choice(["", text[at:end] * 2, chance.choice("{}()|.$:=\"'`- \n,é#0")]) + text[end:]


FIELDS_OF_SCHEDULES = [(0, 59, []), (0, 23, []), (1, 31, []),
                       (1, 12, ["JAN", "feb", "Mar", "DEC"]), (0, 6, ["SUN", "mon", "Fri", "SAT"])]


def schedule(chance: random.Random) -> str:
    fields = []
    for low, high, names in FIELDS_OF_SCHEDULES:
        parts = []
        for _ in range(chance.choice([1, 1, 1, 2, 3])):
            value = lambda: chance.choice(names) if names and chance.random() < 0.3 else str(chance.randint(low, high))
            ends = sorted(chance.randint(low, high) for _ in range(2))
            part = chance.choice(["*", "*", "?", value(), value(), f"{ends[0]}-{ends[1]}", value() + "-" + value()])
            if chance.random() < 0.3:
                part += f"/{chance.randint(1, 12)}"
            if chance.random() < 0.02:
                part = chance.choice([str(high + 2), "x", "1-2-3", "*/0", "1//2", "-1", "1-", "/2", "*/x"])
            parts.append(part)
        fields.append(",".join(parts))
    return " ".join(fields[: 4 if chance.random() < 0.01 else 5])
