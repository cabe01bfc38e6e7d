"""Each export of shared/exports.md by its header line: recognised, and its rows become what they should, to the cell.

The rows are written for these tests. What is asked of an outcome is what a person would see in the workspace.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from cstui.base.records import RECORDS
from cstui.ingest import catalogue, headers
from tests.unit.store.import_calls import bring, select

pytestmark = pytest.mark.usefixtures("no_own_sources")


@pytest.fixture
def no_own_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


class Export(NamedTuple):
    """A small export, and what SQL finds of it in the workspace."""

    text: str
    kinds: tuple[str, ...]
    sql: str
    rows: list[tuple[object, ...]]


ID = "(SELECT c.customer_id FROM customer AS c WHERE c.id = t.customer_id)"
PAYMENT = f"SELECT payment_id, {ID}, amount, currency, status, kind, date(paid_at * 86400, 'unixepoch') FROM payment AS t ORDER BY 1"
SUBSCRIPTION = (
    f"SELECT subscription_id, {ID}, amount, currency, interval, quantity, status, date(started_at * 86400, 'unixepoch'), "
    "date(ended_at * 86400, 'unixepoch') FROM subscription AS t ORDER BY 1, 8"
)
CUSTOMER = "SELECT customer_id, name, email, date(created_at * 86400, 'unixepoch'), attributes FROM customer ORDER BY 1"
INTERACTION = (
    f"SELECT interaction_id, {ID}, date(at * 86400, 'unixepoch'), status, subject, owner, reopens, note FROM interaction AS t ORDER BY 1"
)
SURVEY = f"SELECT {ID}, date(answered_at * 86400, 'unixepoch'), kind, score, scale, response_id, comment FROM survey AS t ORDER BY 1"

EXPORTS = {
    "stripe_payments": Export(
        "id,Description,Seller Message,Created (UTC),Amount,Amount Refunded,Currency,Status,Customer ID,Customer Email,Invoice ID,PaymentIntent ID\n"
        'ch_1,Pro,Payment complete.,2026-07-02 15:04,"1,020.00",20.00,usd,Paid,cus_1,a@x.example,in_1,pi_1\n'
        "ch_2,,Declined,2026-07-03 09:00,49.00,0.00,usd,Failed,,b@x.example,,pi_2\n"
        "ch_3,,,2026-07-03 09:00,49.00,0.00,usd,Canceled,cus_1,a@x.example,,pi_3\n",
        ("payments",),
        PAYMENT,
        [
            ("ch_1", "cus_1", 100_000, "USD", "paid", "recurring", "2026-07-02"),
            ("ch_2", "b@x.example", 4900, "USD", "failed", "one_off", None),
        ],
    ),
    "stripe_customers": Export(
        "id,Description,Email,Name,Created (UTC),Delinquent,Plan,Status,Total Spend,Payment Count,Refunded Volume,Dispute Losses,tag (metadata)\n"
        "cus_1,Shop,a@x.example,,13/08/2026 14:05,false,pro,active,120.00,3,0.00,0.00,gold\n",
        ("customers",),
        CUSTOMER,
        [
            (
                "cus_1",
                "Shop",
                "a@x.example",
                "2026-08-13",
                '{"Delinquent":"false","Dispute Losses":"0.00","Payment Count":"3","Refunded Volume":"0.00","Total Spend":"120.00","tag":"gold"}',
            )
        ],
    ),
    "stripe_subscriptions": Export(
        "id,Customer ID,Customer Name,Customer Email,Plan,Quantity,Currency,Interval,Amount,Status,Cancellation Reason,Created (UTC),Start (UTC),"
        "Start Date (UTC),Current Period Start (UTC),Current Period End (UTC),Trial Start (UTC),Trial End (UTC),Canceled At (UTC),Ended At (UTC)\n"
        "sub_1,cus_1,Acme,a@x.example,pro,3,eur,month,20.00,active,,2026-01-05 10:00,2026-01-05 10:00,2026-01-05 10:00,2026-10-05 10:00,"
        "2026-11-05 10:00,,,,\n"
        "sub_2,cus_1,Acme,a@x.example,pro,1,eur,month,20.00,incomplete_expired,,2026-01-05 10:00,,,,2026-02-05 10:00,,,,\n",
        ("subscriptions", "customers"),
        SUBSCRIPTION,
        [("sub_1", "cus_1", 2000, "EUR", "month", "3", "active", "2026-01-05", None)],
    ),
    "chargebee_subscriptions": Export(
        "subscriptions.id,subscriptions.plan_id,subscriptions.plan_quantity,subscriptions.plan_unit_price,subscriptions.status,subscriptions.start_date,"
        "subscriptions.trial_start,subscriptions.trial_end,subscriptions.current_term_start,subscriptions.current_term_end,subscriptions.created_at,"
        "subscriptions.started_at,subscriptions.cancelled_at,customers.id,customers.first_name,customers.last_name,customers.email,"
        "subscriptions.billing_period_unit,subscriptions.currency_code\n"
        "s1,basic,2,9.90,Non Renewing,2026-01-01,,,2026-10-01,2026-11-01,2026-01-01,2026-01-01,2026-10-20,c1,Ada,Byron,ada@x.example,month,USD\n"
        "s2,basic,1,9.90,Cancelled,2026-01-01,,,2026-08-01,2026-09-01,2026-01-01,2026-01-01,2026-09-01,c2,Bo,,b@x.example,month,USD\n",
        ("subscriptions", "customers"),
        SUBSCRIPTION,
        [
            ("s1", "c1", 990, "USD", "month", "2", "active", "2026-01-01", None),
            ("s2", "c2", 990, "USD", "month", "1", "cancelled", "2026-01-01", "2026-09-01"),
        ],
    ),
    "chargebee_customers": Export(
        "Customer Id,First Name,Last Name,Email,Card Status,Billing Address Country\nc1,Ada,Byron,ada@x.example,Valid,GB\n",
        ("customers",),
        CUSTOMER,
        [("c1", "Ada Byron", "ada@x.example", None, '{"Card Status":"Valid"}')],
    ),
    "recurly_subscriptions": Export(
        "uuid,account_code,email,first_name,last_name,plan_code,plan_name,state,quantity,unit_amount,currency,trial_started_at,trial_ends_at,"
        "current_period_started_at,current_period_ends_at,activated_at,canceled_at,expires_at,modified_at\n"
        "u1,acc1,a@x.example,Ada,Byron,gold,Gold,canceled,1,30.00,USD,,,2026-10-01 00:00:00 UTC,2026-11-01 00:00:00 UTC,"
        "2026-02-01 00:00:00 UTC,2026-10-20 00:00:00 UTC,2026-11-01 00:00:00 UTC,2026-10-20 00:00:00 UTC\n",
        ("subscriptions", "customers"),
        SUBSCRIPTION,
        [("u1", "acc1", 3000, "USD", "month", "1", "active", "2026-02-01", "2026-11-01")],
    ),
    "hubspot_companies": Export(
        "Record ID,Company name,Company Domain Name,Country/Region,Company owner,Industry,Create Date,Last Activity Date\n"
        "11,Acme,acme.example,Oman,Sara,Retail,2026-03-01 15:17,2026-05-01 09:00\n",
        ("customers",),
        CUSTOMER,
        [("11", "Acme", None, "2026-03-01", '{"Company Domain Name":"acme.example"}')],
    ),
    "hubspot_contacts": Export(
        "Record ID,First Name,Last Name,Email,Contact owner,Lifecycle Stage,Country/Region,Create Date,Last Activity Date\n"
        "11,Ada,Byron,ada@x.example,Sara,Lead,Oman,2026-03-01 15:17,\n",
        ("customers",),
        CUSTOMER,
        [("contact-11", "Ada Byron", "ada@x.example", "2026-03-01", None)],
    ),
    "hubspot_deals": Export(
        "Record ID,Deal Name,Deal Stage,Amount,Deal owner,Close Date,Create Date,Associated Company\n5,Renewal,Closed won,900,Sara,2026-04-01,2026-03-01,Acme\n",
        ("interactions",),
        INTERACTION,
        [("deal-5", "Acme", "2026-03-01", None, "Renewal: Closed won", "Sara", None, "900")],
    ),
    "hubspot_tickets": Export(
        "Ticket ID,Ticket name,Pipeline,Ticket status,Create date,Ticket owner,Source,Last activity date,Associated Company IDs\n"
        "7,Login,Support,Waiting on us,2026-03-01 15:17,Sara,Email,2026-03-02,11\n8,Bill,Support,Closed,2026-03-01 15:17,Sara,Email,,11\n",
        ("interactions",),
        INTERACTION,
        [("7", "11", "2026-03-01", "open", "Login", "Sara", None, None), ("8", "11", "2026-03-01", "solved", "Bill", "Sara", None, None)],
    ),
    "salesforce_accounts": Export(
        '"Id";"IsDeleted";"MasterRecordId";"Name";"Type";"ParentId";"BillingStreet";"Industry";"AnnualRevenue";"NumberOfEmployees";"OwnerId";"CreatedDate";'
        '"SystemModstamp";"LastActivityDate";"Tier__c"\r\n'
        '"001A";"0";"";"Acme";"Customer";"";"1 Road";"Retail";"100000";"12";"005X";"2026-01-02T10:00:00.000Z";"2026-02-01T00:00:00.000Z";"";"gold"\r\n'
        '"001B";"1";"";"Gone";"Customer";"";"";"";"";"";"005X";"2026-01-02T10:00:00.000Z";"2026-02-01T00:00:00.000Z";"";""\r\n',
        ("customers",),
        CUSTOMER,
        [("001A", "Acme", None, "2026-01-02", '{"AnnualRevenue":"100000","NumberOfEmployees":"12","Tier":"gold"}')],
    ),
    "salesforce_opportunities": Export(
        "Id,IsDeleted,AccountId,Name,StageName,Amount,Probability,CloseDate,Type,SystemModstamp\n"
        "006A,false,001A,First,Closed Won,12000.00,100,2025-03-01,New,2026-01-01\n006B,false,001A,Renewal,Closed Won,15000.00,100,2026-03-01,Renewal,2026-03-01\n"
        "006C,false,001A,More,Prospecting,9.00,10,2026-12-01,New,2026-03-01\n",
        ("subscriptions",),
        SUBSCRIPTION,
        [
            ("001A", "001A", 1_200_000, "USD", "year", None, None, "2025-03-01", None),
            ("001A", "001A", 1_500_000, "USD", "year", None, None, "2026-03-01", None),
        ],
    ),
    "salesforce_cases": Export(
        "Id,CaseNumber,ContactId,AccountId,Type,Status,Reason,Origin,Subject,Priority,IsClosed,ClosedDate,CreatedDate\n"
        "500A,00001,003A,001A,Problem,Closed,,Email,Broken,High,true,2026-05-03T00:00:00.000Z,2026-05-01T00:00:00.000Z\n",
        ("interactions",),
        INTERACTION,
        [("00001", "001A", "2026-05-01", "solved", "Broken", None, None, None)],
    ),
    "salesforce_report": Export(
        "Account Name,Opportunity Name,Stage,Amount,Close Date,Account Owner\nAcme,First,Closed Won,1200,2026-03-01,Sara\nBolt,Next,Proposal,5,2026-12-01,Omid\n",
        ("subscriptions", "customers"),
        SUBSCRIPTION,
        [("Acme", "Acme", 120_000, "USD", "year", None, None, "2026-03-01", None)],
    ),
    "sugarcrm_accounts": Export(
        '"Name","ID","Website","Email Address","Non Primary E-mails","Office Phone","Type","Industry","Annual Revenue","Employees","Assigned User Name",'
        '"Assigned To","Date Created","Date Modified","Modified By","Created By","Deleted"\n'
        '"Acme","a1","acme.example","a@x.example","","1","Customer","Retail","100","12","sara","u1","03/14/2026 10:00","03/15/2026 10:00","u1","u1","0"\n'
        '"Old","a2","","","","","","","","","sara","u1","03/14/2026 10:00","03/15/2026 10:00","u1","u1","1"\n',
        ("customers",),
        CUSTOMER,
        [("a1", "Acme", "a@x.example", "2026-03-14", '{"Annual Revenue":"100","Employees":"12","Website":"acme.example"}')],
    ),
    "zoho_accounts": Export(
        "Record Id,Account Owner,Account Name,Industry,Billing Country,Created Time\nzcrm_1,Sara,Acme,Retail,Oman,2026-03-01 10:00:00\n",
        ("customers",),
        CUSTOMER,
        [("zcrm_1", "Acme", None, "2026-03-01", None)],
    ),
    "zendesk_tickets": Export(
        "Summation column,Id,Requester,Requester id,Requester external id,Requester email,Requester domain,Submitter,Assignee,Group,Subject,Tags,Status,"
        "Priority,Via,Ticket type,Created at,Updated at,Assigned at,Organization,Due date,Initially assigned at,Solved at,Resolution time,"
        "Satisfaction Score,Group stations,Assignee stations,Reopens,Replies,First reply time in minutes\n"
        "1,41,Ada,9,c1,ada@x.example,x.example,Ada,Sara,Support,Login fails,,Solved,High,Mail,Problem,2026-05-01 10:00,2026-05-04 10:00,,Acme,,,"
        "2026-05-03 10:00,48,Good,3,1,2,4,15\n"
        "1,42,Bo,8,,b@x.example,x.example,Bo,Sara,Support,Bill,,Open,Low,Web,Question,2026-05-02 10:00,2026-05-02 10:00,,,,,,,Offered,1,1,0,1,5\n",
        ("interactions", "surveys"),
        INTERACTION,
        [
            ("41", "c1", "2026-05-01", "solved", "Login fails", "Sara", 2, "3 groups"),
            ("42", "b@x.example", "2026-05-02", "open", "Bill", "Sara", 0, None),
        ],
    ),
    "intercom_users": Export(
        "User ID,Name,Email,Signed up,Last seen,Web sessions,Country\nu1,Ada,ada@x.example,2026-01-02,2026-05-01,12,Oman\n",
        ("customers",),
        CUSTOMER,
        [("u1", "Ada", "ada@x.example", "2026-01-02", '{"Last seen":"2026-05-01","Web sessions":"12"}')],
    ),
    "intercom_conversations": Export(
        "conversation_id,message_created_at,user_id,conversation_state,assignee\n77,2026-05-01 10:00,u1,closed,Sara\n77,2026-05-02 11:00,u1,closed,Sara\n",
        ("interactions",),
        INTERACTION,
        [("77", "u1", "2026-05-01", "solved", None, "Sara", None, None)],
    ),
    "ga4": Export(
        "Date,Session default channel group,Town/City,Active users,New users,Engaged sessions,Engagement rate,Event count,Key events,Total revenue\n"
        '20260501,Organic Search,Muscat,"1,200",300,700,0.555,9000,12,0\n20260501,Organic Search,Shiraz,300,50,100,55.5%,900,3,0\n'
        "20260501,(not set),Muscat,7,1,2,0.1,9,0,0\n",
        ("traffic",),
        "SELECT date(date * 86400, 'unixepoch'), channel, visits, conversions FROM traffic ORDER BY 2",
        [("2026-05-01", "", 7, 0), ("2026-05-01", "Organic Search", 1500, 15)],
    ),
    "typeform": Export(
        "#,How likely are you to recommend us?,What is the reason?,Your email,Start Date (UTC),Submit Date (UTC),Network ID\n"
        "r1,9,Fast,ada@x.example,2026-05-01 09:58:00,2026-05-01 10:00:00,abc\n",
        ("surveys",),
        SURVEY,
        [("ada@x.example", "2026-05-01", "nps", "9", "0-10", "r1", "Fast")],
    ),
    "surveymonkey": Export(
        "Respondent ID,Collector ID,Start Date,End Date,IP Address,Email Address,First Name,Last Name,Custom Data 1,How likely is it that you would recommend us?\n"
        "114,9,05/13/2026 10:00:00 AM,05/13/2026 10:05:00 AM,,ada@x.example,Ada,Byron,c1,8\n",
        ("surveys",),
        SURVEY,
        [("c1", "2026-05-13", "nps", "8", "0-10", "114", None)],
    ),
    "delighted": Export(
        "id,person,survey_type,score,comment,created_at,updated_at,person_properties,tags\n1,ada@x.example,nps,10,Great,1777629600,1777629600,,\n"
        "2,bo@x.example,csat,4,,1777629600,,,\n3,bo@x.example,thumbs,1,,1777629600,,,\n",
        ("surveys",),
        SURVEY,
        [
            ("ada@x.example", "2026-05-01", "nps", "10", "0-10", "1", "Great"),
            ("bo@x.example", "2026-05-01", "csat", "4", "1-5", "2", None),
        ],
    ),
    "shopify_orders": Export(
        "Name,Email,Financial Status,Paid at,Fulfillment Status,Currency,Subtotal,Shipping,Taxes,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,"
        "Billing Name,Refunded Amount,Vendor\n"
        "#1001,ada@x.example,partially_refunded,2026-05-01 10:00:00 +0200,fulfilled,USD,50.00,0,0,50.00,2026-05-01 09:59:00 +0200,1,Cup,20.00,Ada Byron,5.00,Us\n"
        "#1001,ada@x.example,,,,,,,,,2026-05-01 09:59:00 +0200,2,Plate,15.00,,,Us\n"
        "#1002,bo@x.example,pending,,,USD,9.00,0,0,9.00,2026-05-02 09:59:00 +0200,1,Cup,9.00,Bo,0.00,Us\n",
        ("payments", "customers"),
        PAYMENT,
        [
            ("#1001", "ada@x.example", 4500, "USD", "paid", "one_off", "2026-05-01"),
            ("#1002", "bo@x.example", 900, "USD", "open", "one_off", None),
        ],
    ),
    "shopify_customers": Export(
        "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Country Code,Total Spent,Total Orders\n"
        "'601,Ada,Byron,ada@x.example,yes,GB,70.00,2\n",
        ("customers",),
        CUSTOMER,
        [
            (
                "ada@x.example",
                "Ada Byron",
                "ada@x.example",
                None,
                '{"Accepts Email Marketing":"yes","Total Orders":"2","Total Spent":"70.00"}',
            )
        ],
    ),
    "chartmogul_customers": Export(
        "Name,Email,Company,Country,State,City,Zip,External ID,Lead created at,Free trial started at\n"
        "Ada,ada@x.example,Acme,GB,,London,,c1,2020-08-13 13:42:37 UTC,\n",
        ("customers",),
        CUSTOMER,
        [("c1", "Acme", "ada@x.example", "2020-08-13", '{"City":"London"}')],
    ),
    "chartmogul_invoices": Export(
        "Customer external ID,Invoice external ID,Invoiced date,Due date,Currency,Amount in cents\nc1,in1,2020-08-13 13:42:37 UTC,,USD,4950\n",
        ("payments",),
        PAYMENT,
        [("in1", "c1", 4950, "USD", "paid", "recurring", "2020-08-13")],
    ),
    "profitwell_traits": Export(
        "email,category,trait\nada@x.example,Team size,10-50\nada@x.example,Role,Owner\n",
        ("customers",),
        CUSTOMER,
        [("ada@x.example", None, "ada@x.example", None, '{"Role":"Owner","Team size":"10-50"}')],
    ),
    "subscription_periods": Export(
        "subscription_id,customer_id,start_date,end_date,monthly_amount\n1,2,2026-01-01,2026-03-01,50\n",
        ("subscriptions",),
        SUBSCRIPTION,
        [("1", "2", 5000, "USD", "month", None, None, "2026-01-01", "2026-03-01")],
    ),
    "online_retail": Export(
        "InvoiceNo;StockCode;Description;Quantity;InvoiceDate;UnitPrice;CustomerID;Country\n"
        "536365;1;Cup;6;1/12/2010 08:26;2,55;17850.0;United Kingdom\n536365;2;Pot;6;1/12/2010 08:26;3,39;17850.0;United Kingdom\n"
        "C536379;3;Back;-1;1/12/2010 09:41;27,50;17850.0;United Kingdom\n",
        ("payments", "customers"),
        PAYMENT,
        [
            ("536365", "17850", 3564, "GBP", "paid", "one_off", "2010-12-01"),
            ("C536379", "17850", -2750, "GBP", "paid", "refund", "2010-12-01"),
        ],
    ),
    "cdnow_transactions": Export(
        "_id,id,date,cds_bought,spent\n4,1,19970101,2,29.33\n4,1,19970101,1,9.00\n21,2,19970112,1,5.00\n",
        ("payments",),
        PAYMENT,
        [
            ("1/19970101/1", "1", 2933, "USD", "paid", "one_off", "1997-01-01"),
            ("1/19970101/2", "1", 900, "USD", "paid", "one_off", "1997-01-01"),
            ("2/19970112/1", "2", 500, "USD", "paid", "one_off", "1997-01-12"),
        ],
    ),
    "answers_ces": Export(
        'response_id,date,customer_id,score,task_type,feedback,time_to_resolution,channel\n1,2025-04-07,C1,6,Setup,"Fine",5,Web\n',
        ("surveys",),
        SURVEY,
        [("C1", "2025-04-07", "ces", "6", "1-7", "1", "Fine")],
    ),
    "ravenstack_tickets": Export(
        "ticket_id,account_id,submitted_at,closed_at,resolution_time_hours,priority,first_response_time_minutes,satisfaction_score,escalation_flag\n"
        "T-1,A-1,2023-07-27,2023-07-28 3:00,27,high,74,,FALSE\nT-2,A-1,2024-10-17,2024-10-17 19:00,19,urgent,93,4.0,TRUE\n",
        ("interactions", "surveys"),
        SURVEY,
        [("A-1", "2024-10-17", "csat", "4", "1-5", "T-2", None)],
    ),
    "customer_list": Export(
        "کد مشتری;نام مشتری;تاریخ شروع;تاریخ لغو;مبلغ ماهانه (تومان);وضعیت;امتیاز NPS;رنگ\nC-1;آراد;2022-01-14;2022-08-30;5,360,000;لغو شده;4;آبی\nC-2;مريم;2024-11-07;;1,144,000;فعال;;\n",
        ("customers", "subscriptions", "surveys"),
        SUBSCRIPTION,
        [
            ("C-1", "C-1", 5_360_000_000, "IRR", "month", None, "cancelled", "2022-01-14", "2022-08-30"),
            ("C-2", "C-2", 1_144_000_000, "IRR", "month", None, "active", "2024-11-07", None),
        ],
    ),
}


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_becomes_what_it_says(name: str, tmp_path: Path) -> None:
    export = EXPORTS[name]
    header = tuple(next(iter(export.text.splitlines())).replace('"', "").split(";" if name in SEMICOLONS else ","))
    found = catalogue.match("export.csv", header)
    assert found is not None
    assert found.name == name
    outcome = bring(tmp_path / "w.db", export.text)
    assert tuple(file.kind for file in outcome.files) == export.kinds
    for file in outcome.files:
        assert file.read == file.created + file.updated + file.unchanged + file.refused
        assert (file.refused, file.source) == (0, found.label), file.problems
    assert select(tmp_path / "w.db", export.sql) == export.rows


SEMICOLONS = frozenset({"online_retail", "customer_list", "salesforce_accounts"})


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_imported_again_changes_nothing(name: str, tmp_path: Path) -> None:
    bring(tmp_path / "w.db", EXPORTS[name].text)
    again = bring(tmp_path / "w.db", EXPORTS[name].text)
    assert [(file.kind, file.created, file.updated) for file in again.files] == [(file.kind, 0, 0) for file in again.files]


@pytest.mark.parametrize("kind", RECORDS)
def test_no_template_is_taken_for_another_program_s_export(kind: str) -> None:
    assert catalogue.match("export.csv", RECORDS[kind].names) is None  # type: ignore[index]  # a Kind is a str
    assert headers.is_template(RECORDS[kind].names)  # type: ignore[index]  # the same


def test_of_two_sources_that_fit_the_one_that_asks_more_is_meant() -> None:
    header = ("id", "customer_id", "amount", "amount_refunded", "captured", "_fivetran_synced")
    found = catalogue.match("charge.csv", header)
    assert found is not None
    assert found.name == "stripe_api_charges"
    assert catalogue.lacking(found, "charge.csv", header) == ()


def test_an_order_s_lines_are_refused_together(tmp_path: Path) -> None:
    text = EXPORTS["online_retail"].text.replace("536365;2;Pot;6;", "536365;2;Pot;many;")
    outcome = bring(tmp_path / "w.db", text)
    payments = outcome.files[0]
    assert (payments.read, payments.created, payments.refused) == (3, 1, 2)
    assert [(p.line, p.column, p.code) for p in payments.problems] == [(2, None, "incomplete-group"), (3, "Quantity", "not-a-number")]
    assert select(tmp_path / "w.db", "SELECT payment_id FROM payment") == [("C536379",)]


def test_a_file_that_is_known_and_of_no_use_says_why(tmp_path: Path) -> None:
    cards = "id,_fivetran_synced,brand\npm_1,2021-01-24,visa\n"
    customers = "customer_id,name\nc1,Acme\n"
    outcome = bring(tmp_path / "w.db", cards, customers)
    assert [(file.kind, file.read, file.created) for file in outcome.files] == [("customers", 1, 1), ("", 0, 0)]
    assert "no customer, subscription or payment" in outcome.files[1].why


def test_use_finds_its_customer_through_subscriptions_of_the_call_or_of_the_workspace(tmp_path: Path) -> None:
    subscriptions = (
        "subscription_id,account_id,start_date,end_date,plan_tier,seats,mrr_amount,arr_amount,is_trial,billing_frequency\n"
        "S-1,A-1,2023-01-01,,Pro,9,100,1200,FALSE,annual\n"
    )
    usage = (
        "usage_id,subscription_id,usage_date,feature_name,usage_count,usage_duration_secs,error_count\n"
        "U-1,S-1,2023-07-27,f1,9,90,0\nU-2,S-1,2023-07-27,f2,1,30,0\nU-3,S-1,2023-07-28,f2,1,60,0\nU-4,S-9,2023-07-28,f2,1,60,0\n"
    )
    for calls in ((usage, subscriptions),), ((subscriptions,), (usage,)):
        path = tmp_path / f"{len(calls)}.db"
        outcomes = [bring(path, *contents) for contents in calls]
        use = next(file for outcome in outcomes for file in outcome.files if file.kind == "usage")
        assert (use.read, use.created, use.refused) == (3, 2, 1)
        assert [(p.line, p.column, p.code) for p in use.problems] == [(5, "subscription_id", "foreign-key")]
        assert select(path, "SELECT dom, minutes, events FROM usage ORDER BY dom") == [(27, 2000, 10), (28, 1000, 1)]
        assert select(path, "SELECT amount, interval FROM subscription") == [(120_000, "year")]


def test_a_list_that_shows_the_present_never_rewrites_the_past(tmp_path: Path) -> None:
    path = tmp_path / "w.db"
    header = "کد مشتری,تاریخ شروع,مبلغ ماهانه (ریال),وضعیت,امتیاز NPS\n"
    bring(path, header + "C-1,2026-01-10,500,فعال,9\n")
    changed = bring(path, header + "C-1,2026-01-10,700,فعال,6\n")
    assert [(file.kind, file.created, file.updated) for file in changed.files] == [
        ("customers", 0, 0), ("subscriptions", 1, 0), ("surveys", 0, 1),
    ]  # fmt: skip
    versions = "SELECT date(started_at * 86400, 'unixepoch'), amount FROM subscription ORDER BY 1"
    assert select(path, versions) == [("2026-01-10", 50_000), ("2026-11-21", 70_000)]
    again = bring(path, header + "C-1,2026-01-10,700,فعال,6\n")
    assert [(file.created, file.updated) for file in again.files] == [(0, 0)] * 3


def test_a_snapshot_s_change_begins_with_its_period(tmp_path: Path) -> None:
    path, text = tmp_path / "w.db", EXPORTS["stripe_subscriptions"].text
    bring(path, text)
    bring(path, text.replace(",3,eur", ",5,eur"))
    versions = "SELECT date(started_at * 86400, 'unixepoch'), quantity FROM subscription ORDER BY 1"
    assert select(path, versions) == [("2026-01-05", "3"), ("2026-10-05", "5")]


def test_a_person_s_word_comes_before_a_source_s(tmp_path: Path) -> None:
    outcome = bring(tmp_path / "w.db", EXPORTS["subscription_periods"].text, constants={"currency": "EUR"})
    assert [file.source for file in outcome.files] == ["subscription periods"]
    assert select(tmp_path / "w.db", "SELECT currency FROM subscription") == [("EUR",)]
