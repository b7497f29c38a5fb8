//! What of MongoDB is here: its commands, and the names of its query language, each put to the parser. Both after the
//! 7.0 manual.

use std::fmt::Write as _;

use super::document::rows;
use crate::mongo::known::{Kind, is_here};

mod commands;

pub(super) use self::commands::COMMANDS;

/// What holds for the service as a whole.
const ABOUT: &str = "The wire protocol of MongoDB 7.0 on the same port; [its page](mongodb.md) says what differs as a \
                     whole. An absent command is error 59, which names it. Commands of sharded clusters are all absent.\n\n";

/// A part of the language and its names.
struct Part {
    title: &'static str,
    kind: Kind,
    names: &'static str,
}

/// As in the manual's pages "Aggregation Stages", "Aggregation Operators", "Query and Projection Operators" and "Update
/// Operators".
const PARTS: [Part; 5] = [
    Part {
        title: "Stages of a pipeline",
        kind: Kind::Stage,
        names: "$addFields $bucket $bucketAuto $changeStream $collStats $count $currentOp $densify $documents \
                $facet $fill $geoNear $graphLookup $group $indexStats $limit $listSessions $lookup $match $merge \
                $out $planCacheStats $project $redact $replaceRoot $replaceWith $sample $search $set \
                $setWindowFields $skip $sort $sortByCount $unionWith $unset $unwind $vectorSearch",
    },
    Part {
        title: "Accumulators",
        kind: Kind::Accumulator,
        names: "$accumulator $addToSet $avg $bottom $bottomN $count $first $firstN $last $lastN $max $maxN \
                $median $mergeObjects $min $minN $percentile $push $stdDevPop $stdDevSamp $sum $top $topN",
    },
    Part {
        title: "Expressions",
        kind: Kind::Expression,
        names: "$abs $acos $acosh $add $allElementsTrue $and $anyElementTrue $arrayElemAt $arrayToObject $asin \
                $asinh $atan $atan2 $atanh $avg $binarySize $bitAnd $bitNot $bitOr $bitXor $bsonSize $ceil $cmp \
                $concat $concatArrays $cond $convert $cos $cosh $dateAdd $dateDiff $dateFromParts $dateFromString \
                $dateSubtract $dateToParts $dateToString $dateTrunc $dayOfMonth $dayOfWeek $dayOfYear \
                $degreesToRadians $divide $eq $exp $filter $first $firstN $floor $function $getField $gt $gte \
                $hour $ifNull $in $indexOfArray $indexOfBytes $indexOfCP $isArray $isNumber $isoDayOfWeek $isoWeek \
                $isoWeekYear $last $lastN $let $literal $ln $log $log10 $lt $lte $ltrim $map $max $maxN $median \
                $mergeObjects $meta $millisecond $min $minN $minute $mod $month $multiply $ne $not $objectToArray \
                $or $percentile $pow $radiansToDegrees $rand $range $reduce $regexFind $regexFindAll $regexMatch \
                $replaceAll $replaceOne $reverseArray $round $rtrim $sampleRate $second $setDifference $setEquals \
                $setField $setIntersection $setIsSubset $setUnion $sin $sinh $size $slice $sortArray $split $sqrt \
                $stdDevPop $stdDevSamp $strLenBytes $strLenCP $strcasecmp $substr $substrBytes $substrCP $subtract \
                $sum $switch $tan $tanh $toBool $toDate $toDecimal $toDouble $toInt $toLong $toLower $toObjectId \
                $toString $toUpper $trim $trunc $tsIncrement $tsSecond $type $unsetField $week $year $zip",
    },
    Part {
        title: "Operators of a filter",
        kind: Kind::Filter,
        names: "$all $and $bitsAllClear $bitsAllSet $bitsAnyClear $bitsAnySet $comment $elemMatch $eq $exists \
                $expr $geoIntersects $geoWithin $gt $gte $in $jsonSchema $lt $lte $mod $ne $near $nearSphere $nin \
                $nor $not $or $regex $size $text $type $where",
    },
    Part {
        title: "Operators of an update",
        kind: Kind::Update,
        names: "$addToSet $bit $currentDate $inc $max $min $mul $pop $pull $pullAll $push $rename $set \
                $setOnInsert $unset",
    },
];

/// The sections of the document.
pub(super) fn sections() -> String {
    let mut text = "\n## MongoDB\n\n".to_owned();
    text.push_str(ABOUT);
    rows(&mut text, "command", COMMANDS);
    language(&mut text);
    text
}

fn language(text: &mut String) {
    text.push_str(
        "\n## MongoDB's query language\n\nThe names of MongoDB 7.0's manual. What is absent is refused by \
                    name.\n\n| part | here | absent |\n|---|---|---|\n",
    );
    for part in PARTS {
        let (here, absent): (Vec<&str>, Vec<&str>) =
            part.names.split_whitespace().partition(|name| is_here(part.kind, name));
        let _infallible = writeln!(text, "| {} | {} | {} |", part.title, listed(&here), listed(&absent));
    }
}

fn listed(names: &[&str]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(" ") }
}
