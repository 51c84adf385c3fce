"""The zones that Ruby's `Date._parse` knows: offsets, and names with their offsets.

Source: the zone table of Ruby's date library (3.1 and 3.2). It is a fixed list of military letters,
abbreviations and the Windows names of zones. None of them follows summer time. Some of its offsets
are odd, and the fake repeats them.
"""

import re
from fractions import Fraction

_BY_MINUTES = {
    -720: "y,idlw,dateline,aoe",
    -660: "x,nt,sst,samoa,nut",
    -600: "w,ahst,hast,hst,hawaiian,ckt,taht",
    -540: "v,akst,hadt,hdt,yst,alaskan,gamt",
    -510: "mart",
    -480: "pst,u,akdt,ydt,pacific",
    -420: "mst,pdt,t,mountain,us mountain",
    -360: "cst,east,mdt,s,canada central,central america,central,mexico,galt",
    -300: "est,cdt,r,eastern,sa pacific,us eastern,act,cist,cot,easst,ect,pet",
    -240: "edt,q,ast,clt,atlantic,pacific sa,sa western,bot,cidst,fkt,gyt,vet",
    -210: "newfoundland",
    -180: (
        "p,art,adt,brt,clst,e. south america,greenland,sa eastern,fkst,gft,pmst,pyst,rott,srt,uyt,"
        "warst,wgt"
    ),
    -150: "nst",
    -120: "o,at,brst,mid-atlantic,fnt,pmdt,uyst,wgst",
    -90: "ndt",
    -60: "n,azores,cape verde,cvt,egt",
    0: "ut,gmt,z,utc,wet,greenwich,azost,egst,wt",
    60: (
        "a,bst,cet,fwt,met,mewt,mez,swt,wat,west,central europe,central european,romance,"
        "w. central africa,w. europe"
    ),
    120: ("b,cest,eet,fst,mest,mesz,sast,wast,cat,e. europe,egypt,fle,gtb,jerusalem,south africa"),
    180: "c,bt,eat,eest,msk,arab,arabic,e. africa,russian,fet,idt,syot,trt",
    210: "iran,irst",
    240: "d,msd,zp4,arabian,caucasus,azt,get,kuyt,mut,ret,samt,sct",
    270: "afghanistan,aft,irdt",
    300: "e,zp5,ekaterinburg,west asia,aqtt,azst,mawt,mvt,orat,pkt,tft,tjt,tmt,uzt,yekt",
    330: "ist,india",
    345: "nepal,npt",
    360: "f,zp6,central asia,n. central asia,sri lanka,almt,btt,iot,kgt,omst,qyzt,vost,yekst",
    390: "cct,myanmar,mmt",
    420: "g,north asia,se asia,cxt,davt,hovt,ict,krat,novst,novt,omsst,wib",
    480: (
        "h,sgt,wadt,china,north asia east,malay peninsula,taipei,w. australia,awst,cast,chot,"
        "hkt,hovst,irkt,krast,myt,pht,ulat,wita"
    ),
    525: "acwst",
    540: "i,jst,kst,korea,tokyo,yakutsk,awdt,chost,irkst,tlt,ulast,wit,yakt",
    570: "aus central,cen. australia,acst",
    600: (
        "k,gst,aus eastern,e. australia,tasmania,vladivostok,west pacific,aest,chst,chut,ddut,"
        "pgt,vlat,yakst,yapt"
    ),
    630: "acdt,lhst",
    660: ("l,eadt,central pacific,aedt,kost,lhdt,magt,nct,nft,pont,sakt,sbt,sret,vlast,vut"),
    720: (
        "m,idle,nzst,nzt,fiji,new zealand,anast,anat,fjt,gilt,magst,mht,nfdt,nrt,petst,pett,tvt,"
        "wakt,wft"
    ),
    765: "chast",
    780: "nzdt,tonga,fjst,phot,tkt,tot",
    825: "chadt",
    840: "lint,tost",
}

ABBREVIATIONS: dict[str, int] = {
    name: minutes * 60 for minutes, names in _BY_MINUTES.items() for name in names.split(",")
}
"""Offset from UTC in seconds, by lower-case name."""


def zone_offset(name: str) -> int | Fraction | None:
    """Return the offset in seconds of a zone such as `+02:00`, `UTC` or `est dst`, or None."""
    zone = " ".join(name.lower().split())
    dst = 0
    for ending, more in ((" standard time", 0), (" daylight time", 3600), (" dst", 3600)):
        if zone.endswith(ending):
            zone, dst = zone.removesuffix(ending), more
            break
    if zone in ABBREVIATIONS:
        return ABBREVIATIONS[zone] + dst
    if len(zone) > 3 and zone[:3] in {"gmt", "utc"}:
        zone = zone[3:]
    return _numeric_offset(zone) if zone[:1] in {"+", "-"} else None


def _numeric_offset(zone: str) -> int | Fraction:
    sign = -1 if zone[0] == "-" else 1
    digits = zone[1:]
    parts = re.match(r"(\d*)(?::(\d*)(?::(\d*))?|[,.](\d*))?", digits)
    assert parts is not None
    hours, minutes, seconds, fraction = parts.groups()
    if fraction is not None:
        return sign * (
            _leading(hours) * 3600 + Fraction(int(fraction or 0) * 3600, 10 ** len(fraction))
        )
    if minutes is None and len(digits) > 2:
        odd = 2 - len(digits) % 2
        hours, minutes, seconds = digits[:odd], digits[odd : odd + 2], digits[odd + 2 : odd + 4]
    return sign * (_leading(hours) * 3600 + _leading(minutes) * 60 + _leading(seconds))


def _leading(text: str | None) -> int:
    match = re.match("[0-9]+", text or "")
    return int(match[0]) if match else 0
