"""接口令牌: by which programs of other offices read units, people and results, within one unit and all below it."""
