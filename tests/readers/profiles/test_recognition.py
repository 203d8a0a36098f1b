"""Each profile is known by its header alone, and a header that fits two is never guessed."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from scorecli.readers import profiles
from scorecli.readers.recognition import recognise, recognise_without_header

# Every column that is documented for a system, export by export.
DOCUMENTED = {
    "callrail": [
        "Call Status,Company Name,Company ID,Number Name,Tracking Number,Name,Phone Number,Email,"
        "First-Time Caller,City,State,Country,Agent Name,Agent Number,Source,Duration (seconds),"
        "Start Time,Device Type,Keywords,Referrer,Medium,Landing Page,Campaign,Value,Tags,"
        "Qualified,Destination Number,Browser,Google Ads gclid,Facebook fbclid,Keywords Spotted,"
        "Call Highlights,Match Type,Ad Group,Ad Position,utm_medium,utm_source,"
        "Customer Talk Time Percent,Agent Talk Time Percent,Active Page,Recording Url,Note",
        "answered,business_phone_number,customer_city,customer_country,customer_name,"
        "customer_phone_number,customer_state,direction,duration,id,start_time,"
        "tracking_phone_number,voicemail,call_type,company_id,first_call,lead_status,note,source,"
        "source_name,tags,value,keywords,medium,campaign,utm_source,gclid,agent_email",
    ],
    "calltrackingmetrics": [
        "id,sid,account_id,name,cnam,source,source_id,direction,duration,talk_time,ring_time,"
        "hold_time,wait_time,parent_id,email,city,state,country,called_at,unix_time,"
        "tracking_number,tracking_label,business_number,caller_number,caller_number_format,"
        "caller_number_bare,dial_status,call_status,status,is_new_caller,tag_list,notes,agent_id,"
        "agent.id,agent.name,agent.email,medium,campaign,keyword",
        "service_rep_name,call_id,score,none,conversion,notes,value,sale_date",
    ],
    "twilio": [
        "sid,parent_call_sid,account_sid,to,from,phone_number_sid,status,start_time,end_time,"
        "duration,price,price_unit,direction,answered_by,caller_name,forwarded_from",
        "sid,to,from,status,startTime,endTime,duration,direction,price",
    ],
    "ringcentral": [
        "Type,Phone Number,Name,Date,Time,Action,Action Result,Result Description,Duration",
        "Type,Direction,From,To,Extension,Forwarded To,Name,Date,Time,Action,Action Result,"
        "Result Description,Duration,Included,Purchased,Site",
        "id,sessionId,startTime,duration,type,direction,action,result,to.phoneNumber,to.name,"
        "from.phoneNumber,from.name,from.extensionId",
    ],
    "aircall": [
        "line,date (TZ offset incl.),time (TZ offset incl.),number timezone,datetime (UTC),"
        "country_code,direction,from,to,answered,missed_call_reason,user,duration (total),"
        "duration (in call),via,voicemail,tags",
        "line,datetime (tz offset incl.),number timezone,datetime (utc),country_code,direction,"
        "from,to,answered,missed_call_reason,user,duration (total),duration (in call),voicemail,"
        "recording,comments,tags,call quality,team,call direction - type,call start time,"
        "call end time,aircall number,customer number,in-call duration,call id,call type,"
        "waiting time,time to answer,time in ivr,call id (internal),disconnected by,ivr branch",
    ],
    "vicidial": [
        "call_date,phone_number_dialed,status,user,full_name,campaign_id,vendor_lead_code,"
        "source_id,list_id,gmt_offset_now,phone_code,phone_number,title,first_name,"
        "middle_initial,last_name,address1,city,state,email,comments,length_in_sec,user_group,"
        "alt_dial,rank,owner,lead_id,list_name,list_description,status_name",
    ],
    "3cx": [
        "Call Time,From,To,Direction,Status,Ringing,Talking,Call Activity Details",
        "Call Time,Call ID,From,To,Direction,Status,Ringing,Talking,Cost,Call Activity Details,"
        "Sentiment,Summary,Transcription",
        "Call Time,Caller ID,Destination,Status,Ringing,Talking",
    ],
    "asterisk": [
        "calldate,clid,src,dst,dcontext,channel,dstchannel,lastapp,lastdata,duration,billsec,"
        "disposition,amaflags,accountcode,uniqueid,userfield",
        "accountcode,src,dst,dcontext,clid,channel,dstchannel,lastapp,lastdata,start,answer,end,"
        "duration,billsec,disposition,amaflags,uniqueid,userfield",
    ],
    "kixie": [
        "Date,Agent First Name,Type,Status,Disposition,Duration,Source,Source Link,CRM Link,"
        "CRM Contact ID,To Number",
    ],
}
EXPORTS = [(name, text.split(",")) for name, texts in DOCUMENTED.items() for text in texts]


def names_of(header: list[str]) -> list[str]:
    return [profile.name for profile in recognise(header)]


def test_every_profile_but_the_general_one_has_documented_exports() -> None:
    assert {*DOCUMENTED, "generic"} == set(profiles.names())


@pytest.mark.parametrize(("name", "header"), EXPORTS)
def test_a_documented_header_is_known_and_fits_no_other_profile(
    name: str, header: list[str]
) -> None:
    assert names_of(header) == [name]
    assert names_of([column.upper() for column in reversed(header)]) == [name]
    assert names_of([f"  {column}" for column in header] + ["Weather", "Mood"]) == [name]
    assert recognise_without_header(header) == []


def test_whatever_two_exports_have_in_common_is_guessed_for_neither() -> None:
    for (one, first), (other, second) in combinations(EXPORTS, 2):
        if one != other:
            assert names_of([name for name in first if name in second]) == []


def test_no_profile_asks_for_less_than_another_one() -> None:
    asked = [
        (name, {column.casefold() for column in columns})
        for name in profiles.names()
        for columns in profiles.load(name).match
    ]
    for (one, first), (other, second) in combinations(asked, 2):
        if one != other:
            assert not first <= second
            assert not second <= first


def test_ordinary_columns_are_read_by_their_names_alone() -> None:
    for header in (
        "Call ID,Start Time,Direction,Phone Number,Source,Agent Name,Duration (seconds)",
        "id,date,from,to,duration,status",
        "call_time,from,to,direction,duration",
        "Date,Time,Type,Phone Number,Name,Duration",
    ):
        assert names_of(header.split(",")) == []


@pytest.mark.parametrize(("one", "other"), list(combinations(DOCUMENTED, 2)))
def test_a_header_that_fits_two_is_refused_with_both_names(
    invoke: Any, home: Any, one: str, other: str
) -> None:
    columns = dict.fromkeys(
        name.casefold() for each in (one, other) for name in DOCUMENTED[each][0].split(",")
    )
    path = home / "mixed.csv"
    path.write_text(",".join(columns) + "\n" + "," * (len(columns) - 1) + "\n")
    done = invoke("calls", "import", path)
    assert done.code == 2
    for name in (one, other, "generic"):
        assert f"--profile {name}" in done.stderr
    assert not (home / ".local").exists()


def test_the_profile_that_is_named_is_taken_whatever_the_header_says(
    import_text: Any, stored_calls: Any
) -> None:
    header = "Date,Agent First Name,Type,Status,Disposition,Duration,To Number"
    text = f"{header}\n2026-11-02 09:12:00,Dana,Outgoing,Missed,,5:12,2125550148\n"
    summary, said = import_text(text, "--profile", "generic")
    assert "profile" not in said
    assert summary["files"][0]["profile"] == "generic"
    assert stored_calls()[0]["system"] == "generic"


def test_every_profile_says_what_it_reads_and_where_its_names_are_from(invoke: Any) -> None:
    listed = invoke("calls", "profiles", "--format", "csv").stdout
    for name in profiles.names():
        profile = profiles.load(name)
        assert profile.description in listed.replace('"', "")
        assert profile.provenance.strip()
        shown = invoke("calls", "profiles", "show", name)
        assert shown.stdout == profiles.source_text(name)


@pytest.mark.parametrize("name", profiles.names())
def test_a_profile_that_is_printed_can_be_used_as_ones_own(run: Any, home: Any, name: str) -> None:
    (home / "mine.toml").write_text(profiles.source_text(name), encoding="utf-8")
    (home / "calls.csv").write_text("Call ID,Phone Number\n1,2125550148\n")
    done = run("calls", "import", "calls.csv", "--profile", "mine.toml", "--dry-run")
    assert done.code == 0, done.stderr
    assert "cannot be used" not in done.stderr


@pytest.mark.parametrize("name", profiles.names())
def test_what_a_profile_is_recognised_by_is_what_it_says(name: str) -> None:
    sign, profile = profiles.sign_of(name), profiles.load(name)
    assert sign.match == profile.match
    assert sign.has_shape == bool(profile.shape)
