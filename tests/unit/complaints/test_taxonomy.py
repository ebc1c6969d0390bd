"""Categories as data, and what customers' own words are taken to be about."""

from __future__ import annotations

from pathlib import Path

import pytest

from complaints import taxonomy
from complaints.errors import PolicyError
from complaints.taxonomy import guess_kind, load_pack
from complaints.vocabulary import Kind

REALESTATE = load_pack("realestate")
GENERIC = load_pack("generic")


def test_the_shipped_packs_have_the_categories_of_the_documents() -> None:
    """R-016: the six types, and those of the brokers."""
    assert [c.code for c in REALESTATE.categories if c.parent is None] == [
        *("QUAL", "DESIGN", "SALES", "PROP", "SERV", "AGENCY", "LISTING", "OTHER")
    ]
    assert [c.names["zh"] for c in GENERIC.categories] == ["产品", "服务", "价格", "交付", "售后", "隐私", "其他"]
    assert taxonomy.available() == ["generic", "hotline", "realestate"]


@pytest.mark.parametrize("pack", [REALESTATE, GENERIC], ids=["realestate", "generic"])
def test_every_category_has_its_names_and_its_place(pack: taxonomy.Pack) -> None:
    codes = [category.code for category in pack.categories]
    assert len(codes) == len(set(codes))
    for category in pack.categories:
        assert category.names["zh"]
        assert category.names["en"]
        assert category.parent is None or (category.parent in codes and category.code.startswith(f"{category.parent}."))
        for keyword in category.keywords:
            assert pack.guess(keyword) in (category.code, *(c for c in codes if c.startswith(f"{category.code}.")))


def test_a_name_in_either_language_and_a_code_of_another_pack_as_it_is() -> None:
    assert REALESTATE.label("QUAL.leak", "zh") == "渗漏"
    assert REALESTATE.label("QUAL.leak", "en") == "Leaks and seepage"
    assert REALESTATE.label("QUAL.leak", "fr") == "Leaks and seepage"
    assert REALESTATE.label("PRODUCT", "zh") == "PRODUCT"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("厕所又漏水了", "QUAL.leak"),
        ("water coming thru my bathroom ceiling", "QUAL.leak"),
        ("gas bill too high, she shouted at me", "PROP.fees"),
        ("卧室天花板一直滴水，墙面都发霉了", "QUAL.leak"),
        ("外墙渗水到客厅", "QUAL.leak"),
        ("客厅墙上有一道很长的裂缝", "QUAL.crack"),
        ("我家门锁打不开了，密码输了好几遍都没反应", "QUAL.doors"),
        ("窗户关不严，玻璃还裂了一块", "QUAL.doors"),
        ("hammering next door at 10pm", "PROP.noise"),
        ("Hammering next door at ten at night again", "PROP.noise"),
        ("隔壁晚上十点还在敲墙", "PROP.noise"),
        ("楼上电钻声到半夜", "PROP.noise"),
        ("the door was hammered in and the lock is broken", "QUAL.doors"),
        ("家里跳闸，插座没电", "QUAL.utilities"),
        ("墙上插座漏电，太危险了", "QUAL.utilities"),
        ("下水道堵了，马桶冲不下去", "QUAL.utilities"),
        ("瓷砖空鼓，敲起来咚咚响", "QUAL.hollow"),
        ("消防通道被堵死了", "QUAL.fire"),
        ("房屋质量问题太多了", "QUAL"),
        ("前面新楼挡光，采光特别差", "DESIGN.light"),
        ("户型和图纸对不上，面积缩水", "DESIGN.layout"),
        ("小区路灯好几个不亮", "DESIGN.facilities"),
        ("当初承诺的学校没有兑现", "SALES.promise"),
        ("认筹金说好可以退，现在不退款", "SALES.refund"),
        ("补充条款是霸王条款，合同要改", "SALES.contract"),
        ("房产证两年了还没办下来", "SALES.deed"),
        ("按揭贷款一直没放款", "SALES.mortgage"),
        ("延期交房半年了", "SALES.handover"),
        ("楼道垃圾没人打扫，臭味很大", "PROP.cleaning"),
        ("保安不登记就放陌生人进来", "PROP.security"),
        ("我的车位被占了，外来车乱停", "PROP.parking"),
        ("3栋2单元电梯坏了三天了没人修，老人上不了楼", "PROP.lift"),
        ("物业费涨价也不公示", "PROP.fees"),
        ("楼上天天半夜装修，吵得没法睡", "PROP.noise"),
        ("绿化带杂草一人高，没人修剪", "PROP.green"),
        ("物业什么都不做", "PROP"),
        ("前台态度恶劣，还骂人", "SERV.attitude"),
        ("报了三天没人来也没人联系我", "SERV.delay"),
        ("几个部门互相推，踢皮球", "SERV.shift"),
        ("客服说错了时间，害我白跑一趟，信息错误", "SERV.wrong"),
        ("中介费比说好的高，佣金乱算", "AGENCY.commission"),
        ("资金监管账户里的尾款没到", "AGENCY.escrow"),
        ("过户拖了两个月，递件递不上去", "AGENCY.transfer"),
        ("经纪人隐瞒房子是凶宅", "AGENCY.conduct"),
        ("网上是假房源，图片不符", "LISTING"),
        ("装修公司把公共区域弄得一团糟", "OTHER.partner"),
        ("water leaking from the ceiling", "QUAL.leak"),
        ("The bathroom TAP keeps dripping and there is mould", "QUAL.leak"),
        ("there are cracks in the living room wall", "QUAL.crack"),
        ("My front door lock won't open", "QUAL.doors"),
        ("power cut again, no hot water either", "QUAL.utilities"),
        ("the tiles are hollow and peeling", "QUAL.hollow"),
        ("the lift has been stuck since Monday", "PROP.lift"),
        ("elevators out of order in both towers", "PROP.lift"),
        ("upstairs neighbours are drilling at midnight, so noisy", "PROP.noise"),
        ("rubbish everywhere, nobody cleans, filthy corridor", "PROP.cleaning"),
        ("the guard let strangers in and my bike was stolen", "PROP.security"),
        ("I was overcharged on the management fee", "PROP.fees"),
        ("someone parks in my bay, the car park is chaos, parking is impossible", "PROP.parking"),
        ("the receptionist was rude and hung up on me", "SERV.attitude"),
        ("nobody called back, no reply for a week", "SERV.delay"),
        ("I want my deposit back, they refuse the refund", "SALES.refund"),
        ("the contract clause was changed", "SALES.contract"),
        ("the commission is higher than agreed", "AGENCY.commission"),
        ("fake listing, the flat was already sold", "LISTING"),
        ("上次说修好了，结果用了两天又坏了", "OTHER"),
        ("a rating of my experience", "OTHER"),
        ("the operator delayed", "SERV.delay"),
        ("hello", "OTHER"),
        ("", "OTHER"),
        ("１２３", "OTHER"),
    ],
)
def test_what_a_property_complaint_is_about(text: str, code: str) -> None:
    assert REALESTATE.guess(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("产品用了两天就坏了", "PRODUCT"),
        ("收到的是假货", "PRODUCT"),
        ("店员态度差，服务太慢", "SERVICE"),
        ("重复扣款，账单不对", "PRICE"),
        ("快递一直没收到，物流不动", "DELIVERY"),
        ("不给退款，售后不理", "AFTERSALES"),
        ("我的个人信息被泄露，天天骚扰电话", "PRIVACY"),
        ("the blender arrived damaged and is defective", "PRODUCT"),
        ("the staff were rude", "SERVICE"),
        ("I was charged twice, the invoice is wrong", "PRICE"),
        ("my parcel never arrived", "DELIVERY"),
        ("they refuse a refund under warranty", "AFTERSALES"),
        ("you leaked my personal data", "PRIVACY"),
        ("ＲＥＦＵＮＤ please", "AFTERSALES"),
        ("something odd", "OTHER"),
    ],
)
def test_what_a_complaint_of_any_trade_is_about(text: str, code: str) -> None:
    assert GENERIC.guess(text) == code


def test_the_longest_and_the_most_words_win_and_only_the_beginning_is_read() -> None:
    assert REALESTATE.guess("电梯漏水，电梯里天花板湿，渗水") == "QUAL.leak"
    assert REALESTATE.guess("漏漏漏漏漏漏漏，电梯坏了") == "PROP.lift"  # a word counts once
    assert REALESTATE.guess("好" * 5000 + "漏水") == "OTHER"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("报修：厨房水龙头坏了", Kind.REPAIR),
        ("你好，我要报修，3栋电灯不亮", Kind.REPAIR),
        ("报修 空调不制冷", Kind.REPAIR),
        ("维修：门禁失灵", Kind.REPAIR),
        ("请派人上门维修热水器", Kind.REPAIR),
        ("【报修】水管", Kind.REPAIR),
        ("Repair request: broken tap", Kind.REPAIR),
        ("I need a repair for my heater", Kind.REPAIR),
        ("maintenance: the light in the hall", Kind.REPAIR),
        ("咨询一下物业费怎么交", Kind.CONSULT),
        ("您好，想咨询落户政策", Kind.CONSULT),
        ("Question: when does the pool open?", Kind.CONSULT),
        ("I have a question about my bill", Kind.CONSULT),
        ("enquiry about parking", Kind.CONSULT),
        ("建议在门口加个路灯", Kind.SUGGESTION),
        ("提个建议，电梯里装空调", Kind.SUGGESTION),
        ("I'd like to suggest a bench at the gate", Kind.SUGGESTION),
        ("Suggestion: longer opening hours", Kind.SUGGESTION),
        ("表扬保安小李，帮我找回了钱包", Kind.PRAISE),
        ("我要表扬3栋保洁阿姨", Kind.PRAISE),
        ("感谢信：感谢客服小王", Kind.PRAISE),
        ("I want to praise your technician", Kind.PRAISE),
        ("Compliment: the guard was wonderful", Kind.PRAISE),
        ("谢谢你们，昨天修水管的师傅特别好，想表扬他", Kind.PRAISE),
        ("保洁阿姨帮我找回了钱包，我要给她送锦旗", Kind.PRAISE),
        ("The plumber who came yesterday was great, I want to praise him", Kind.PRAISE),
        ("电梯坏了三天，想表扬你们都难", Kind.COMPLAINT),
        # complaints, whatever word they use
        ("我要投诉", Kind.COMPLAINT),
        ("厕所漏水", Kind.COMPLAINT),
        ("报修三次了没人来", Kind.COMPLAINT),
        ("报修后一直没人联系", Kind.COMPLAINT),
        ("报修电话打不通", Kind.COMPLAINT),
        ("维修师傅态度太差", Kind.COMPLAINT),
        ("咨询电话没人接", Kind.COMPLAINT),
        ("建议没人听", Kind.COMPLAINT),
        ("建议你们别再骗人", Kind.COMPLAINT),
        ("表扬一下你们的效率，三天了还没人来", Kind.COMPLAINT),
        ("表扬？我要投诉！", Kind.COMPLAINT),
        ("真该给你们写感谢信，钱收了事不办", Kind.COMPLAINT),
        ("感谢信都写了结果又坏了", Kind.COMPLAINT),
        ("The repair man was rude", Kind.COMPLAINT),
        ("repair was terrible", Kind.COMPLAINT),
        ("Praise where due, but the tap still leaks", Kind.COMPLAINT),
        ("I praise your patience, nobody came for a week", Kind.COMPLAINT),
        ("I have a complaint about the repair", Kind.COMPLAINT),
        ("谢谢", Kind.COMPLAINT),
        ("", Kind.COMPLAINT),
    ],
)
def test_the_kind_is_what_the_leading_word_says_and_a_complaint_is_never_praise(text: str, kind: Kind) -> None:
    assert guess_kind(text) is kind


@pytest.mark.parametrize("text", ["我想要" * 2000, "a " * 3000, "i want to " * 900, "写一封" * 2000, "报修1" * 2000])
def test_a_hostile_text_is_read_once(text: str) -> None:
    assert guess_kind(text) in Kind  # would not come back in a lifetime if every split were tried
    assert isinstance(REALESTATE.guess(text), str)


def write(folder: Path, text: str) -> None:
    (folder / "packs").mkdir(exist_ok=True)
    (folder / "packs" / "ours.toml").write_text(text, encoding="utf-8")


OTHER = '[OTHER]\nzh = "其他"\nen = "Other"\n'


def test_a_company_adds_its_own_pack(tmp_path: Path) -> None:
    write(
        tmp_path,
        OTHER + '[FUEL]\nzh = "油品"\nen = "Fuel"\n[FUEL.meter]\nzh = "计量"\nen = "Meter"\nkeywords = ["缺斤"]',
    )
    pack = load_pack("ours", [tmp_path])
    assert pack.guess("加油缺斤少两") == "FUEL.meter"
    assert taxonomy.available([tmp_path]) == ["generic", "hotline", "ours", "realestate"]


def test_a_company_replaces_a_shipped_pack(tmp_path: Path) -> None:
    (tmp_path / "packs").mkdir()
    (tmp_path / "packs" / "generic.toml").write_text(OTHER, encoding="utf-8")
    assert [c.code for c in load_pack("generic", [tmp_path]).categories] == ["OTHER"]
    assert load_pack("generic", [tmp_path]).guess("质量 quality") == "OTHER"


def test_a_pack_of_one_language_is_read_in_it_everywhere(tmp_path: Path) -> None:
    write(tmp_path, '[words]\nexample={en="no internet"}\n[OTHER]\nen="Other"\n[OTHER.odd]\nzh="怪"\nen="Odd"')
    pack = load_pack("ours", [tmp_path])
    assert [pack.label("OTHER", locale) for locale in ("zh", "en")] == ["Other", "Other"]
    assert [pack.label("OTHER.odd", locale) for locale in ("zh", "en")] == ["怪", "Odd"]
    assert pack.words["zh"]["example"] == pack.words["en"]["example"] == "no internet"


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("", True),
        ('[words]\nexample={en="no internet"}', True),
        ('[words]\nhome={en="street"}', False),
        ('owners=true\n[words]\nhome={zh="房号",en="flat"}', True),
        ("owners=false", False),
    ],
)
def test_r013_whose_customers_own_or_rent_is_the_pack_s_to_say(tmp_path: Path, text: str, asked: bool) -> None:
    write(tmp_path, f"{text}\n{OTHER}")
    assert load_pack("ours", [tmp_path]).owners is asked
    assert [load_pack(name).owners for name in ("realestate", "generic", "hotline")] == [True, False, False]


@pytest.mark.parametrize(
    ("text", "where", "cure"),
    [
        pytest.param('[qual]\nzh="a"\nen="b"', "ours.qual", "made of A-Z", id="code"),
        pytest.param('[QUAL]\nkeywords=["a"]', "ours.QUAL:", "give the category a name", id="no name"),
        pytest.param('[QUAL]\nzh=" "\nen="b"', "ours.QUAL:", "give the category a name", id="empty name"),
        pytest.param('[QUAL]\nzh="a"\nen="b"\nkeyword=["c"]', "QUAL.keyword", "did you mean keywords", id="near key"),
        pytest.param('[QUAL]\nzh="a"\nen="b"\nweight=3', "QUAL.weight", "a part is a table", id="unknown key"),
        pytest.param('[QUAL.leak]\nzh="a"\nen="b"', "ours.QUAL:", "a name", id="part without a whole"),
        pytest.param(
            '[QUAL]\nzh="a"\nen="b"\n[QUAL.leak]\nzh="a"\nen="b"\nkeyword=[]',
            "leak.keyword",
            "did you mean",
            id="part's key",
        ),
        pytest.param(
            '[QUAL]\nzh="a"\nen="b"\n[QUAL.leak]\nzh="a"\nen="b"\nx=1', "leak.x", "known keys", id="part's unknown key"
        ),
        pytest.param('[QUAL]\nzh="a"\nen="b"\nkeywords="leak"', "QUAL.keywords", "a list of words", id="one word"),
        pytest.param('[QUAL]\nzh="a"\nen="b"\nkeywords=[""]', "QUAL.keywords", "a list of words", id="empty word"),
        pytest.param('[QUAL]\nzh="a"\nen="b"\nkeywords=["x","X"]', "stands under QUAL", "keep it once", id="twice"),
        pytest.param(
            '[words]\nexamples={zh="a",en="b"}', "words.examples is unknown", "known keys: example", id="word"
        ),
        pytest.param('[words]\nplace={de="a"}', "words.place", "said in a language or both", id="no language of ours"),
        pytest.param("owners = 3", "ours.owners", "true or false", id="owners"),
        pytest.param("words = 3", "ours.words", "must be a table", id="no words"),
        pytest.param("QUAL = 3", "ours.QUAL", "must be a table", id="no table"),
        pytest.param("[[", "ours.toml", "not valid TOML", id="broken file"),
    ],
)
def test_a_wrong_pack_names_file_key_and_cure(tmp_path: Path, text: str, where: str, cure: str) -> None:
    write(tmp_path, f"{text}\n{OTHER}")
    with pytest.raises(PolicyError) as error:
        load_pack("ours", [tmp_path])
    assert "pack ours" in str(error.value)
    assert where in str(error.value)
    assert cure in str(error.value)


def test_a_pack_needs_a_last_resort(tmp_path: Path) -> None:
    write(tmp_path, '[QUAL]\nzh="a"\nen="b"')
    with pytest.raises(PolicyError, match="OTHER is missing"):
        load_pack("ours", [tmp_path])


@pytest.mark.parametrize(
    ("name", "cure"), [("realestates", "choose one of generic, hotline, realestate"), ("../x", "made of a-z")]
)
def test_a_pack_that_is_not_there(name: str, cure: str) -> None:
    with pytest.raises(PolicyError, match=cure):
        load_pack(name)
