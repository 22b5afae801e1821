"""Query parameters that say where a reader came from, not what is read."""

from __future__ import annotations

import re

#: Query parameters that say where a reader came from, not what is read.
_TRACKING = re.compile(
    r"(?:fbclid|gclid|gclsrc|dclid|gbraid|wbraid|srsltid|_ga|_gl|msclkid|yclid|ysclid|_openstat|rb_clickid|twclid|ttclid"
    r"|igshid|igsh|li_fat_id|epik|spm|mc_[ce]id|mkt_tok|oly_(?:anon|enc)_id|vero_(?:id|conv)|wickedid|_hsenc|_hsmi"
    r"|__hs(?:sc|tc|fp)|hsctatracking|s_cid|sc_cid|ncid|cmpid|xtor|wt[_.]mc(?:_id)?|ref_(?:src|url)"
    r"|at_(?:medium|campaign|campaign_type|custom[1-4]|link_(?:id|origin|type)|ptr_name|format|bbc_team)"
    r"|fb_(?:action_ids|action_types|source|ref)|ga_(?:source|medium|term|content|campaign|place)"
    r"|gad_source|gad_campaignid|gpromocode|gqt|_bta_(?:tid|c)|trk_(?:contact|msg|module|sid)|gdf(?:ms|trk|fi)|_k[ex]"
    r"|redirect_(?:log_)?mongo_id|sb_referer_host|mkwid|pcrid|ef_id|s_kwcid|dm_i|_branch_match_id|mk(?:evt|cid|rid)"
    r"|sms_(?:source|click|uph)|ndclid|sccid|rtid|irclickid|vmcid|tw_(?:source|campaign|term|content|adid)"
    r"|ns_(?:campaign|mchannel|source|linkname|fee)|(?:utm|pk|mtm|matomo|piwik|hsa|itm|stm)_.*)\Z",
    re.IGNORECASE,
)


def is_tracking(parameter: str) -> bool:
    """Say whether a query parameter only tells where a reader came from."""
    return _TRACKING.match(parameter) is not None
