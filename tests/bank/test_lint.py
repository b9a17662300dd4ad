"""Flaws in the writing of questions, one case a rule; what is well written is left alone."""

import pytest

from quizapp.bank.drafts import JUDGE_OPTIONS
from quizapp.bank.lint import SET_SIZE, giveaways, of_question, of_set
from tests.bank.conftest import SHIPPED, CitationDraft, shipped_law


def messages(draft):
    return [f"{problem.column}：{problem.message}" for problem in of_question(draft)]


def test_a_well_written_question_has_no_flaw(draft):
    assert messages(draft()) == []


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"options": ["共同受理", "由所涉及的机关、单位先行协商确定受理机关", "分别受理"]}, "B明显长于其他"),
        ({"options": ["共同受理", "协商受理", "以上都对"]}, "选项C：选项C写作“以上都对”"),
        ({"options": ["共同受理", "协商受理", "以上各项均不正确"]}, "选项C写作"),
        ({"options": ["共同受理", "协商受理", "A和B都不对"]}, "选项C写作"),
        ({"options": ["共同、受理", "共同受理"], "key": "A"}, "A和B只有标点不同"),
        ({"options": ["由共同的上一级机关单独决定受理", "由共同的上一级机关单独决定受理的"]}, "A和B几乎相同"),
        ({"stem": "下列说法不正确的是（　　）。"}, "“不正确”的一项，请给这个词加上引号"),
        ({"stem": "下列各项中，不属于信访形式的是（　　）。"}, "“不属于”的一项"),
        ({"stem": "下列各项中不属于的是（　　）。"}, "“不属于”的一项"),
        (
            {"stem": "下列说法“错误”的是（　　）。", "options": ["不得受理", "协商受理", "分别受理"]},
            "避免双重否定",
        ),
        ({"stem": "应当自（　　）起（　　）内办结。"}, "题干有2处填空"),
        ({"explanation": "各级机关单位都适用。"}, "“机关、单位”，此处写作“机关单位”"),
        ({"stem": "来电13812345678反映的事项应当（　　）。"}, "题干：有像手机号码的数字"),
        ({"stem": "证件号11010119900101123X的来访人应当（　　）。"}, "题干：有像身份证号码的数字"),
        ({"stem": "信访人王建国到县信访局反映问题，应当（　　）。"}, "“信访人王建国”像是真实姓名"),
    ],
)
def test_each_flaw_is_said_in_words(draft, other, words):
    said = messages(draft(**other))
    assert any(words in line for line in said)


@pytest.mark.parametrize(
    "other",
    [
        {"options": ["30日，听证所需时间计算在内", "30日，听证所需时间不计算在内", "60日"]},
        {"options": ["自受理之日起30日内提出书面意见", "自受理之日起60日内提出书面意见"]},
        {"stem": "下列各项中，“不属于”信访形式的是（　　）。"},
        {"stem": "应当自（　　）起（　　）内办结。", "options": ["受理之日，30日", "登记之日，60日"]},
        {"stem": "某信访人到县信访局反映问题，应当（　　）。"},
        {"stem": "某村村民张某向县民政局提出信访事项，应当（　　）。"},
        {"stem": "文号为13812345678901的来文应当（　　）。"},
    ],
)
def test_what_only_looks_like_a_flaw_is_left_alone(draft, other):
    assert messages(draft(**other)) == []


def test_a_judge_needs_no_options_of_its_own(draft):
    statement = {"kind": "judge", "options": list(JUDGE_OPTIONS), "key": "B", "stem": "信访人不得走访。"}
    assert messages(draft(**statement)) == []


# Over a set -----------------------------------------------------------------------------------------------------


def singles(draft, keys, options=("共同受理", "协商受理", "分别受理", "轮流受理")):
    return [draft(key=key, options=list(options), line=n) for n, key in enumerate(keys, 1)]


def test_keys_that_stand_mostly_in_one_place_are_told_of_a_set(draft):
    said = [p.message for p in of_set(singles(draft, "A" * 10 + "BCD" * 4))]
    assert said == ["四个选项的单选题中，答案为A的占45%，位置分布不匀。"]
    assert not list(of_set(singles(draft, "ABCD" * 5)))


def test_a_few_questions_are_no_set(draft):
    assert not list(of_set(singles(draft, "A" * (SET_SIZE - 1))))


def test_keys_that_are_mostly_the_longest_option_are_told(draft):
    longest = {
        "A": ("由各自受理", "协商", "分别", "轮流"),
        "B": ("各自", "由它们协商", "分别", "轮流"),
    }
    drafts = [draft(key=key, options=list(longest[key])) for key in "AB" * 10]
    assert any("最长的占100%" in p.message for p in of_set(drafts))


def test_statements_that_are_mostly_true_are_told(draft):
    judges = [draft(kind="judge", options=list(JUDGE_OPTIONS), key=key) for key in "A" * 15 + "B" * 5]
    assert [p.message for p in of_set(judges)] == ["判断题中答案为正确的占75%，应当大致各占一半。"]


def test_a_stem_that_says_the_key_of_another_question_gives_it_away(draft):
    asks = draft(options=["分别受理", "由它们先行协商确定受理机关"], key="B", code="A-1")
    tells = draft(stem="信访事项由它们先行协商确定受理机关的，期限为（　　）。", code="A-2")
    elsewhere = draft(stem=tells.stem, code="A-3", citations=[CitationDraft("第六条", "信访渠道")])
    assert [(d.code, t.code) for d, t in giveaways([asks, tells])] == [("A-1", "A-2")]
    assert not list(giveaways([asks, elsewhere]))
    assert not list(giveaways([asks]))


def test_the_shipped_bank_has_no_flaw():
    from quizapp.bank import folders

    drafts = folders.read_questions(SHIPPED).drafts
    assert [p.message for draft in drafts for p in of_question(draft)] == []
    assert list(of_set(drafts)) == []
    assert shipped_law().title == "信访工作条例"
