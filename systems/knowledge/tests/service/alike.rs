//! The two stores give the same answers: same documents in, same questions, same bytes out.

use serde_json::{Value, json};

use crate::http::{add, encoded, found};
use crate::process::Store;

const WORDS: [&str; 14] = [
    "fox",
    "Fuchs",
    "crème",
    "brûlée",
    "東京",
    "naïve",
    "x1",
    "don't",
    "the",
    "THE",
    "ﬁsh",
    "a_b",
    "Ωmega",
    "İstanbul",
];

const QUERIES: [&str; 16] = [
    "fox",
    "the",
    "the fox",
    "creme brulee",
    "CRÈME",
    "東",
    "京 fox",
    "dont",
    "don t",
    "fish",
    "a b",
    "ωmega",
    "istanbul the",
    "\"the\" OR fox",
    "x1 the fox fuchs",
    "nothing",
];

/// Different at every call, the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % sides
    }

    fn text(&mut self, longest: usize) -> String {
        let length = 1 + self.roll(longest);
        // Most rolls are small, so that some words are common and some are rare.
        let words: Vec<&str> =
            (0..length).map(|_| WORDS[self.roll(WORDS.len()).min(self.roll(WORDS.len()))]).collect();
        words.join([" ", ", ", "\u{0}", "…"][self.roll(4)])
    }
}

#[tokio::test]
async fn the_stores_answer_alike() {
    let mut answers = Vec::new();
    for store in Store::all().await {
        let mut dice = Dice(1);
        let mut all = Vec::new();
        let (mut service, mut to) = store.serve().await;
        for round in 0..4 {
            if round == 2 {
                // What was remembered of the index is forgotten, and there is more to read at once.
                service.kill().await;
                (service, to) = store.serve().await;
            }
            for _ in 0..70 {
                let tenant = ["t1", "t2"][dice.roll(2)];
                let (title, content) = (dice.text(4), dice.text(60));
                assert_eq!(add(to, tenant, &title, &content).await.status, 201);
            }
            for query in QUERIES {
                for page in ["limit=50", "limit=3&offset=2", "offset=1000"] {
                    let page = found(to, "t1", &format!("q={}&{page}", encoded(query))).await;
                    all.push((round, query, lasting(page)));
                }
            }
        }
        answers.push(all);
    }
    let found = answers[0].iter().filter(|(_, _, page)| page["total"] != 0).count();
    assert!(found > 100, "{found} questions had an answer");
    if let [sqlite, postgres] = &answers[..] {
        for (ours, theirs) in sqlite.iter().zip(postgres) {
            assert_eq!(ours, theirs);
        }
    }
}

/// The part of a page that does not change from run to run.
fn lasting(mut page: Value) -> Value {
    for hit in page["results"].as_array_mut().expect("results") {
        hit["documentId"] = json!(null);
        hit["createdAt"] = json!(null);
    }
    page
}
