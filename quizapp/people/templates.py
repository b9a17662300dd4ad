"""The sheets that administrators download, fill in and upload: headings, examples, and what each column means."""

from quizapp.people import roster, unit_sheet
from quizapp.spreadsheets import Sheet, workbook

_EXPLAINED = ("列", "是否必填", "说明")
_WIDTHS = (16, 12, 70)


def _explanations(rows: list[tuple[str, str, str]], name: str = "填写说明") -> Sheet:
    return Sheet(name, _EXPLAINED, rows, _WIDTHS)


def units() -> bytes:
    """The template for units, with an example of three that are meant to be overwritten."""
    header = [headings[0] for headings in unit_sheet.HEADINGS.values()]
    examples = [
        ("QS", "青石县", "", "青石县", "", "1"),
        ("QS-XF", "青石县信访局", "QS", "县信访局", "政府部门", "1"),
        ("QS-YL", "青石县云岭镇人民政府", "QS", "云岭镇", "乡镇街道", "2"),
    ]
    rows = [
        ("单位编码", "必填", "单位的唯一标识，不超过32个字符，确定后不要改动。再次导入时按编码识别单位。"),
        ("单位名称", "必填", "全称，不超过100个字符。"),
        ("上级单位编码", "除最上级外必填", "上级单位的编码。最上级单位只有一个，留空。"),
        ("简称", "选填", "页面空间小时显示，不超过20个字符。"),
        ("单位类别", "选填", "如党委部门、政府部门、乡镇街道。"),
        ("单位排序号", "选填", "同一上级下的排列顺序，0至9999的整数；不填的按表中顺序。"),
        ("示例行", "", "第2至4行是示例，填写前请删除或覆盖。"),
        ("再次导入", "", "表中没有的单位保持不变；空白单元格不改动原有内容；同一文件重复导入没有影响。"),
    ]
    return workbook([Sheet("单位", header, examples, (14, 30, 16, 14, 14, 12), (0, 2)), _explanations(rows)])


def people() -> bytes:
    """The template for the roster, with examples that are meant to be overwritten."""
    keys = (
        "name",
        "unit_code",
        "unit_name",
        "staff_number",
        "phone",
        "category",
        "post",
        "sort",
        "kind",
        "account",
        "state",
        "remark",
    )
    header = [roster.HEADINGS[key][0] for key in keys]
    examples = [
        ("张三", "QS-XF", "青石县信访局", "1001", "13800000001", "公务员", "局长", "1", "在编", "", "", ""),
        ("李四", "QS-XF", "青石县信访局", "", "13800000002", "事业编制", "科员", "", "在编", "", "产假", ""),
        (
            "阿依古丽·买买提",
            "QS-YL",
            "青石县云岭镇人民政府",
            "1003",
            "",
            "公务员",
            "副镇长",
            "2",
            "挂职",
            "",
            "",
            "",
        ),
    ]
    rows = [
        ("姓名", "必填", "与证件一致；少数民族姓名中间的点可以用任何一种，系统统一为“·”。"),
        ("单位编码", "与单位名称至少填一项", "单位须已在系统中。填了编码的以编码为准。"),
        ("单位名称", "与单位编码至少填一项", "全称或简称；有同名单位时须填编码。"),
        ("工号", "选填", "有工号的建议填写，是识别同一人的首要依据，也可以用来登录。"),
        ("手机号", "选填", "11位手机号，可以用来登录。没有工号时用于识别同一人。"),
        ("人员类别", "选填", "如公务员、参公人员、事业编制、编外聘用，用于确定考试范围。"),
        ("职务", "选填", ""),
        ("职务排序号", "选填", "同一单位内的排列顺序，0至9998的整数；不填的排在后面。"),
        (
            "人员关系",
            "选填",
            f"{'、'.join(roster.KINDS)}之一，不填为在编。同一人在编制单位和挂职、借调单位各占一行。",
        ),
        (
            "学法账号",
            "选填",
            f"系统生成，新增人员留空。识别不清时按提示填写已有账号；确认是另一名同名人员的填“{roster.NEW}”。",
        ),
        (
            "在岗情况、备注",
            "选填",
            "写明退休、调离、产假、长病假或在岗的会列出；产假、长病假后可写起止日期。",
        ),
        ("身份证号", "不要填写", "系统不收集身份证号；表中有这一列时不会读取。"),
        (
            "识别同一人",
            "",
            "依次按工号、手机号、学法账号、单位内唯一的姓名识别；识别不清的逐行询问，不会自动合并。",
        ),
        ("示例行", "", "第2至4行是示例，填写前请删除或覆盖。"),
        (
            "再次导入",
            "",
            "表中没有的人员保持不变；空白单元格不改动原有内容；单位不同的按调动办理；同一文件重复导入没有影响。",
        ),
    ]
    widths = (16, 14, 26, 12, 14, 14, 18, 12, 10, 12, 12, 16)
    return workbook([Sheet("人员", header, examples, widths, (1, 3, 4, 9)), _explanations(rows)])
