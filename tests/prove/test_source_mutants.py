"""Mutants of the twin's source: what is folded away, what each operator does, and what the score counts."""

import ast

import pytest

from golive.mutation.source.mutants import all_mutants, parsed, sample
from golive.mutation.source.operators import changes
from golive.mutation.source.runs import SourceRun, without_defects
from golive.mutation.source.score import SourceScore, as_line, kept, listed, wilson
from golive.mutation.source.without_defects import fold


def folded(*lines):
    tree = ast.parse("def f(world, a, b):\n" + "\n".join(f"    {line}" for line in lines))
    fold([tree])
    return [line.strip() for line in ast.unparse(tree).splitlines()[1:]]


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        (["if world.injects('x'):", "    a = 1", "return a"], ["return a"]),
        (["if a and world.injects('x'):", "    return b", "return a"], ["return a"]),
        (["if a and (not world.injects('x')):", "    return b", "return a"],
         ["if a:", "return b", "return a"]),
        (["return 201 if world.injects('x') else 200"], ["return 200"]),
        (["loose = world.injects('x')", "if a > b and (not loose):", "    raise a"],
         ["if a > b:", "raise a"]),
        (["if world.injects('x'):", "    return 1", "else:", "    return 2"], ["return 2"]),
        (["try:", "    return a()", "except E:", "    if world.injects('x'):", "        b()", "    raise"],
         ["return a()"]),
        (["match a:", "    case 1 if world.injects('x'):", "        return b", "return a"], ["return a"]),
        (["return a or None"], ["return a or None"]),
        (["kept = g(a)", "if world.injects('x'):", "    return kept", "return b"], ["return b"]),
    ],
)  # fmt: skip
def test_the_code_of_defects_is_folded_away(lines, left):
    assert folded(*lines) == left


def test_what_a_function_of_its_own_does_stays_where_only_a_defect_reads_its_answer():
    tree = ast.parse(
        "def g(a):\n    a.clear()\n    return a\n"
        "def f(world, a):\n    kept = g(a)\n    if world.injects('x'):\n        return kept\n    return a\n"
    )
    fold([tree])
    assert ast.unparse(tree).splitlines()[-2:] == ["    g(a)", "    return a"]


def test_no_name_of_a_defect_is_left():
    for module, tree in parsed().items():
        for node in ast.walk(tree):
            asks = isinstance(node, ast.Attribute) and node.attr in {"injects", "injects_any"}
            assert not asks, f"{module}: {ast.unparse(node)}"


@pytest.mark.parametrize(
    ("source", "operator", "mutated"),
    [
        ("a < b", "ReplaceComparisonOperator", {"a <= b", "a >= b"}),
        ("a == b", "ReplaceComparisonOperator", {"a != b"}),
        ("a not in b", "ReplaceComparisonOperator", {"a in b"}),
        ("a and b", "ReplaceAndWithOr", {"a or b"}),
        ("a or b", "ReplaceOrWithAnd", {"a and b"}),
        ("not a", "ReplaceUnaryOperator_Delete_Not", {"a"}),
        ("a + b", "ReplaceBinaryOperator", {"a - b"}),
        ("100", "NumberReplacer", {"101", "99"}),
        ("True", "ReplaceTrueWithFalse", {"False"}),
        ("'a'", "String", {"'XXaXX'"}),
        ("a if b else c", "If_True", {"a if True else c"}),
        ("a if b else c", "If_False", {"a if False else c"}),
        ("any(a)", "ReplaceCall", {"all(a)"}),
        ("a.lower()", "ReplaceCall", {"a.upper()"}),
        ("[a, b]", "RemoveElement", {"[a]", "[b]"}),
        ("{a: 1, **b}", "RemoveElement", {"{a: 1}", "{**b}"}),
        ("raise a", "RemoveStatement", {"pass"}),
        ("a.b = c", "RemoveStatement", {"pass"}),
        ("for a in b:\n    c", "ZeroIterationForLoop", {"for a in []:\n    c"}),
    ],
)  # fmt: skip
def test_each_operator_makes_its_changes(source, operator, mutated):
    statement = ast.parse(source).body[0]
    node = statement.value if isinstance(statement, ast.Expr) else statement
    made = {ast.unparse(new) for name, new in changes(node) if name == operator}
    assert made == mutated


def test_two_texts_can_only_be_joined():
    node = ast.parse("'a' + b").body[0].value
    assert not list(changes(node))


def test_every_mutant_differs_and_compiles_and_leaves_the_tree_as_it_was():
    before = [ast.dump(tree) for tree in parsed().values()]
    for mutant in sample(40, seed=7):  # `golive prove` compiles each that it runs
        plain = without_defects()[mutant.module]
        assert mutant.code() != plain, mutant.key
    assert [ast.dump(tree) for tree in parsed().values()] == before


def test_a_sample_is_the_same_each_time_and_part_of_the_larger_one():
    small, large = sample(20, seed=1), sample(60, seed=1)
    assert large[:20] == small
    assert sample(20, seed=2) != small
    assert len({mutant.key for mutant in all_mutants()}) == len(all_mutants())


def test_what_is_listed_exists():
    assert not listed().keys() - {mutant.key for mutant in all_mutants()}
    assert all(reason for _, reason in listed().values())


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(9, 10, 0.596, 0.982), (0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (0, 0, 0.0, 1.0)],
)
def test_the_interval_is_wilsons(hits, of, low, high):
    assert wilson(hits, of) == (pytest.approx(low, abs=5e-4), pytest.approx(high, abs=5e-4))


def _listed(name):
    return next(key for key, (known, _) in listed().items() if known == name)


def _runs(*groups):
    return [SourceRun(f"{ended} {n}", ended) for ended, times in groups for n in range(times)]


def test_an_equivalent_and_a_broken_mutant_count_for_nothing():
    runs = [*_runs(("detected", 9), ("broken", 3)), SourceRun(_listed("equivalent"), "undetected")]
    score = SourceScore(len(runs), 100, runs)
    assert (score.found, score.judged, score.passed) == (9, 9, True)


@pytest.mark.parametrize(
    ("ended", "name", "passed"),
    [
        ("undetected", "rule without a check", True),
        ("timed out", "rule without a check", True),
        ("undetected", None, False),
        ("timed out", None, False),
    ],
)
def test_what_was_not_found_must_be_listed(ended, name, passed):
    key = _listed(name) if name else "no such mutant"
    runs = [*_runs(("detected", 8), ("no GO", 1)), SourceRun(key, ended)]
    score = SourceScore(10, 100, runs)
    assert (score.found, score.judged, score.passed) == (9, 10, passed)


def test_too_few_that_were_found_or_run_do_not_pass():
    missed = [SourceRun(_listed("rule without a check"), "undetected")] * 11
    assert not SourceScore(100, 1000, [*_runs(("detected", 89)), *missed]).passed
    assert not SourceScore(101, 1000, [*_runs(("detected", 90)), *missed[:10]]).passed
    assert SourceScore(100, 1000, [*_runs(("detected", 90)), *missed[:10]]).passed
    assert SourceScore(20, 1000, [*_runs(("detected", 9)), *missed]).passed


def test_results_are_kept_line_by_line(tmp_path):
    file = tmp_path / "results.jsonl"
    runs = [SourceRun("a", "detected", ("one", "two")), SourceRun("ü", "no GO", why="exit code 5")]
    file.write_text("".join(map(as_line, runs)), encoding="utf-8")
    assert kept(file) == runs
    assert kept(tmp_path / "none.jsonl") == []
