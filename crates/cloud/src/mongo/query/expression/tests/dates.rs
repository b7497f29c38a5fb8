//! Expressions over dates, and their formats.

use super::*;

fn date(text: &str) -> Bson {
    let found = evaluate(&bson!({ "$toDate": text }), &doc! {}).unwrap();
    found.unwrap_or(Bson::Undefined)
}

#[test]
fn parts() {
    let parts = bson!({ "year": 2024, "month": 1, "day": 2, "hour": 0, "minute": 5, "second": 9, "millisecond": 123 });
    check(bson!({ "$dateToParts": { "date": "$d" } }), parts);
    check(bson!({ "$year": "$d" }), bson!(2024));
    check(bson!({ "$month": { "date": "$d" } }), bson!(1));
    check(bson!({ "$dayOfMonth": { "date": "$d", "timezone": "-01:00" } }), bson!(1));
    check(bson!({ "$hour": { "date": "$d", "timezone": "Asia/Kolkata" } }), bson!(5));
    check(bson!({ "$dayOfYear": "$d" }), bson!(2));
    check(bson!({ "$dayOfWeek": "$d" }), bson!(3));
    check(bson!({ "$isoDayOfWeek": "$d" }), bson!(2));
    check(bson!({ "$week": "$d" }), bson!(0));
    check(bson!({ "$isoWeek": date("2021-01-03") }), bson!(53));
    check(bson!({ "$isoWeekYear": date("2021-01-03") }), bson!(2020_i64));
    check(bson!({ "$year": "$n" }), Bson::Null);
    check(bson!({ "$dateFromParts": { "year": 2024, "month": 14, "day": 1 } }), date("2025-02-01"));
    check(
        bson!({ "$dateFromParts": { "isoWeekYear": 2024, "isoWeek": 1, "isoDayOfWeek": 2 } }),
        date("2024-01-02"),
    );
    let berlin =
        bson!({ "$dateFromParts": { "year": 2024, "month": 7, "day": 1, "timezone": "Europe/Berlin" } });
    check(berlin, date("2024-06-30T22:00:00Z"));
}

#[test]
fn texts() {
    check(bson!({ "$dateToString": { "date": "$d" } }), bson!("2024-01-02T00:05:09.123Z"));
    let all = "%Y/%m/%d %H:%M:%S.%L %j %w %u %U %V %G %z %Z %% %b %B";
    let written = "2024/01/02 00:05:09.123 002 3 2 00 01 2024 +0000 0 % Jan January";
    check(bson!({ "$dateToString": { "date": "$d", "format": all } }), bson!(written));
    let west = bson!({ "$dateToString": { "date": "$d", "format": "%d %H:%M %z", "timezone": "-0330" } });
    check(west, bson!("01 20:35 -0330"));
    check(bson!({ "$dateToString": { "date": null, "onNull": "none" } }), bson!("none"));
    let read = |text: &str| bson!({ "$dateFromString": { "dateString": text } });
    check(read("2024-01-02T00:05:09.123Z"), bson!(DateTime::from_millis(1_704_153_909_123)));
    check(read("2024-01-02T01:05:09.123+01:00"), bson!(DateTime::from_millis(1_704_153_909_123)));
    check(read("2024-01-02"), date("2024-01-02T00:00:00Z"));
    let format = bson!({ "$dateFromString": { "dateString": "02-01-2024", "format": "%d-%m-%Y" } });
    check(format, date("2024-01-02"));
    let zoned = bson!({ "$dateFromString": { "dateString": "2024-07-01", "timezone": "America/New_York" } });
    check(zoned, date("2024-07-01T04:00:00Z"));
    check(bson!({ "$dateFromString": { "dateString": "x", "onError": 0 } }), bson!(0));
    check(bson!({ "$dateFromString": { "dateString": null, "onNull": 1 } }), bson!(1));
}

#[test]
fn shifts() {
    let add = |unit: &str, amount: i32, start: &str| bson!({ "$dateAdd": { "startDate": date(start), "unit": unit, "amount": amount } });
    check(add("month", 1, "2024-01-31"), date("2024-02-29"));
    check(add("year", 1, "2024-02-29"), date("2025-02-28"));
    check(add("quarter", -1, "2024-05-31"), date("2024-02-29"));
    check(add("week", 2, "2024-01-01"), date("2024-01-15"));
    check(add("hour", 25, "2024-01-01"), date("2024-01-02T01:00:00Z"));
    let spring = bson!({ "$dateAdd": {
        "startDate": date("2024-03-30T12:00:00Z"), "unit": "day", "amount": 1, "timezone": "Europe/Berlin",
    } });
    check(spring, date("2024-03-31T11:00:00Z"));
    let difference = |unit: &str, start: &str, end: &str| bson!({ "$dateDiff": { "startDate": date(start), "endDate": date(end), "unit": unit } });
    check(difference("day", "2024-01-01T23:00:00Z", "2024-01-02T01:00:00Z"), bson!(1_i64));
    check(difference("year", "2023-12-31", "2024-01-01"), bson!(1_i64));
    check(difference("month", "2024-03-01", "2024-01-31"), bson!(-2_i64));
    check(difference("week", "2024-01-06", "2024-01-07"), bson!(1_i64));
    let cut =
        |unit: &str, size: i32| bson!({ "$dateTrunc": { "date": "$d", "unit": unit, "binSize": size } });
    check(cut("hour", 1), date("2024-01-02T00:00:00Z"));
    check(cut("week", 1), date("2023-12-31"));
    check(cut("quarter", 1), date("2024-01-01"));
    check(cut("minute", 5), date("2024-01-02T00:05:00Z"));
    check(cut("year", 10), date("2020-01-01"));
}
