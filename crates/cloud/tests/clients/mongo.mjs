// Documents as the official driver for JavaScript uses them. Usage: node mongo.mjs URL. Ends with `ok N checks`.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { pipeline } from "node:stream/promises";

// Modules are found from the folder this is run in, not from the one it stands in.
const require = createRequire(`${process.cwd()}/`);
const { Decimal128, GridFSBucket, Long, MongoClient, ObjectId } = require("mongodb");

const url = process.argv[2];
const client = await new MongoClient(`${url}?retryWrites=true&w=majority`, { serverSelectionTimeoutMS: 10_000 }).connect();
const db = client.db("node");
let checks = 0;
const equal = (found, expected) => { checks += 1; assert.deepEqual(found, expected); };
const refused = async (code, call) => {
  const error = await call().then(() => assert.fail(`expected ${code}, but it succeeded`), (error) => error);
  equal(error.code, code);
  return error;
};

async function writing() {
  const orders = db.collection("orders");
  const made = await orders.insertOne({ total: 5, at: new Date(0), long: Long.fromString("9007199254740993"), price: Decimal128.fromString("1.10") });
  equal(made.insertedId instanceof ObjectId, true);
  const found = await orders.findOne({ _id: made.insertedId }, { promoteLongs: false });
  equal([found.long.toString(), found.price.toString(), found.at.getTime()], ["9007199254740993", "1.10", 0]);
  await orders.insertMany([1, 2, 3].map((n) => ({ _id: n, n, tags: ["a", `t${n}`] })));
  const twice = await refused(11000, () => orders.insertOne({ _id: 1 }));
  equal([twice.keyPattern, twice.keyValue], [{ _id: 1 }, { _id: 1 }]);
  equal((await orders.updateMany({ n: { $gte: 2 } }, { $inc: { n: 10 }, $push: { tags: "more" } })).modifiedCount, 2);
  const upserted = await orders.updateOne({ _id: 9 }, { $set: { n: 9 }, $setOnInsert: { first: true } }, { upsert: true });
  equal([upserted.upsertedCount, upserted.upsertedId], [1, 9]);
  equal(await orders.findOneAndUpdate({ _id: 9 }, { $unset: { first: "" } }, { returnDocument: "after" }), { _id: 9, n: 9 });
  equal((await orders.findOneAndUpdate({ _id: 99 }, { $set: { n: 1 } }, { includeResultMetadata: true })).value, null);
  equal((await orders.findOneAndReplace({ _id: 9 }, { whole: true }))._id, 9);
  equal(await orders.findOneAndDelete({ _id: 9 }), { _id: 9, whole: true });
  const bulk = await orders.bulkWrite([
    { insertOne: { document: { _id: 20 } } }, { updateOne: { filter: { _id: 20 }, update: { $set: { a: 1 } } } },
    { replaceOne: { filter: { _id: 21 }, replacement: { b: 1 }, upsert: true } }, { deleteMany: { filter: { _id: { $gte: 20 } } } },
  ]);
  equal([bulk.insertedCount, bulk.modifiedCount, bulk.upsertedCount, bulk.deletedCount], [1, 1, 1, 2]);
  const unordered = await orders.insertMany([{ _id: 1 }, { _id: 30 }, { _id: 2 }], { ordered: false }).catch((error) => error);
  equal([unordered.result.insertedCount, unordered.writeErrors.map((one) => one.index)], [1, [0, 2]]);
  equal(await orders.countDocuments({ tags: "a" }), 3);
  equal((await orders.distinct("tags", { n: { $exists: true } })).sort(), ["a", "more", "t1", "t2", "t3"]);
}

async function reading() {
  const many = db.collection("many");
  await many.insertMany(Array.from({ length: 1000 }, (_, n) => ({ _id: n, group: n % 4, at: { city: `c${n % 3}` }, list: [{ n }] })));
  let seen = 0;
  for await (const one of many.find({}).batchSize(50)) { equal(one._id, seen); seen += 1; }
  equal(seen, 1000);
  const cursor = many.find().batchSize(2);
  await cursor.next();
  await cursor.close();
  equal(await many.find({ "at.city": "c1", "list.n": { $lt: 10 } }).project({ _id: 1 }).toArray(), [{ _id: 1 }, { _id: 4 }, { _id: 7 }]);
  equal((await many.find().sort({ group: -1, _id: 1 }).skip(1).limit(2).toArray()).map((one) => one._id), [7, 11]);
  equal(await many.estimatedDocumentCount(), 1000);
  const groups = await many.aggregate([
    { $match: { _id: { $lt: 100 } } }, { $group: { _id: "$group", n: { $sum: 1 }, most: { $max: "$_id" } } }, { $sort: { _id: 1 } },
  ]).toArray();
  equal(groups, [96, 97, 98, 99].map((most, _id) => ({ _id, n: 25, most })));
  await db.collection("names").insertMany([0, 1].map((n) => ({ _id: n, name: `g${n}` })));
  const [joined] = await many.aggregate([
    { $match: { _id: 1 } }, { $lookup: { from: "names", localField: "group", foreignField: "_id", as: "in" } },
    { $unwind: "$in" }, { $project: { _id: 0, name: { $toUpper: "$in.name" } } },
  ]).toArray();
  equal(joined, { name: "G1" });
  const [facets] = await many.aggregate([{ $facet: { all: [{ $count: "n" }], few: [{ $sort: { _id: -1 } }, { $limit: 1 }, { $project: { _id: 1 } }] } }]).toArray();
  equal(facets, { all: [{ n: 1000 }], few: [{ _id: 999 }] });
}

async function managing() {
  const people = db.collection("people");
  equal(await people.createIndex({ mail: 1 }, { unique: true, sparse: true }), "mail_1");
  equal(await people.createIndexes([{ key: { a: 1, b: -1 } }, { key: { at: 1 }, expireAfterSeconds: 3600 }]), ["a_1_b_-1", "at_1"]);
  equal((await people.indexes()).map((index) => index.name), ["_id_", "mail_1", "a_1_b_-1", "at_1"]);
  await people.insertOne({ mail: "x" });
  equal((await refused(11000, () => people.insertOne({ mail: "x" }))).keyValue, { mail: "x" });
  await people.dropIndex("mail_1");
  await people.rename("persons");
  equal((await db.listCollections({ name: "persons" }).toArray()).length, 1);
  equal(await db.dropCollection("persons"), true);
  await refused(59, () => db.command({ nonsense: 1 }));
  await refused(115, () => db.collection("orders").watch().tryNext());
  equal((await client.db("admin").admin().listDatabases()).databases.some((one) => one.name === "node"), true);
}

async function transactions() {
  const accounts = db.collection("accounts");
  await accounts.insertMany([{ _id: "a", sum: 10 }, { _id: "b", sum: 0 }]);
  await client.withSession((session) => session.withTransaction(async () => {
    await accounts.updateOne({ _id: "a" }, { $inc: { sum: -4 } }, { session });
    await accounts.updateOne({ _id: "b" }, { $inc: { sum: 4 } }, { session });
    equal((await accounts.findOne({ _id: "b" })).sum, 0);
  }));
  equal((await accounts.find().sort({ _id: 1 }).toArray()).map((one) => one.sum), [6, 4]);
  const session = client.startSession();
  session.startTransaction();
  await accounts.deleteMany({}, { session });
  await session.abortTransaction();
  session.startTransaction();
  await accounts.updateOne({ _id: "a" }, { $set: { sum: 1 } }, { session });
  await accounts.updateOne({ _id: "a" }, { $set: { sum: 2 } });
  equal((await refused(112, () => session.commitTransaction())).hasErrorLabel("TransientTransactionError"), true);
  await session.endSession();
  equal((await accounts.findOne({ _id: "a" })).sum, 2);
}

async function files() {
  const bucket = new GridFSBucket(db, { chunkSizeBytes: 1024 });
  const bytes = Buffer.alloc(10_000, "taxi");
  const upload = bucket.openUploadStream("a.txt", { metadata: { kind: "test" } });
  await pipeline([bytes], upload);
  const parts = [];
  for await (const part of bucket.openDownloadStreamByName("a.txt", { start: 100, end: 5000 })) parts.push(part);
  equal(Buffer.concat(parts).equals(bytes.subarray(100, 5000)), true);
  equal((await bucket.find({ "metadata.kind": "test" }).toArray())[0].length, 10_000);
  await bucket.delete(upload.id);
  equal(await db.collection("fs.chunks").countDocuments(), 0);
}

async function logins() {
  await db.command({ createUser: "clerk", pwd: "p@ss/wörd", roles: ["readWrite"] });
  const login = (password) => new MongoClient(url, { auth: { username: "clerk", password }, authSource: "node" });
  const right = await login("p@ss/wörd").connect();
  equal(await right.db("node").collection("orders").countDocuments({ _id: 1 }), 1);
  await right.close();
  const wrong = login("other");
  await refused(18, () => wrong.db("node").collection("orders").findOne());
  await wrong.close();
}

for (const part of [writing, reading, managing, transactions, files, logins]) await part();
await client.close();
console.log(`ok ${checks} checks`);
