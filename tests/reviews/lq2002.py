"""`python -m tests.reviews.lq2002 lq2002.csv`: our agreement figures against those of R on its data set.

The data stay where they are, in R's package multilevel (on Debian: r-cran-multilevel), so this is for whoever has it:
Rscript -e 'write.csv(multilevel::lq2002, "lq2002.csv")'. Last done in December 2026 with multilevel 2.7:
all seven are off by less than 4e-11. Everything else is tested without, see test_plain_formulas.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from statistics import fmean

from reviews.summing_up.agreement import a_wg, ad_m, r_wg, r_wg_j
from reviews.summing_up.reliability import cronbach, one_way

LEVELS = (1, 2, 3, 4, 5)
ITEMS = [f"LEAD{number:02}" for number in range(1, 12)]


def figures(rows: list[dict[str, str]]) -> dict[str, float | None]:
    groups: dict[str, list[list[float]]] = {}
    for row in rows:
        groups.setdefault(row["COMPID"], []).append([float(row[item]) for item in ITEMS])
    means = [[fmean(answers) for answers in group] for group in groups.values()]
    items = [list(zip(*group, strict=True)) for group in groups.values()]
    one = one_way(means)
    return {
        "r_wg_mean_over_groups": fmean(r_wg(group, LEVELS).value or 0 for group in means),
        "r_wg_j_mean_over_groups": fmean(r_wg_j(group, LEVELS).value or 0 for group in groups.values()),
        "a_wg_mean": fmean(fmean(a_wg(item, LEVELS).value or 0 for item in group) for group in items),
        "ad_m_mean": fmean(fmean(ad_m(item).value or 0 for item in group) for group in items),
        "cronbach_alpha": cronbach([answers for group in groups.values() for answers in group]).value,
        "icc_1_with_k0": one.icc_1.value,
        "icc_2": one.icc_k.value,
    }


def main(path: str) -> int:
    expected = json.loads((Path(__file__).parent / "oracles" / "agreement-lq2002-expected.json").read_text("utf-8"))
    with Path(path).open(encoding="utf-8") as file:
        found = figures(list(csv.DictReader(file)))
    off = {name: abs((value or 0) - expected[name]["value"]) for name, value in found.items()}
    print("\n".join(f"{name}: {found[name]:.10f}, off by {off[name]:.1e}" for name in found))
    return int(max(off.values()) > 1e-8)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
