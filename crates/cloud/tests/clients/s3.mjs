// S3 as the AWS SDK for JavaScript v3 uses it. Usage: node s3.mjs ENDPOINT. Ends with `ok N checks`.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { Readable } from "node:stream";

// Modules are found from the folder this is run in, not from the one it stands in.
const require = createRequire(`${process.cwd()}/`);
const sdk = require("@aws-sdk/client-s3");
const { Upload } = require("@aws-sdk/lib-storage");
const { getSignedUrl } = require("@aws-sdk/s3-request-presigner");

const endpoint = process.argv[2];
let checks = 0;
const equal = (found, expected) => { checks += 1; assert.deepEqual(found, expected); };
const client = (more = {}) => new sdk.S3Client({
  endpoint, region: "us-east-1", credentials: { accessKeyId: "any", secretAccessKey: "any" }, maxAttempts: 1, ...more,
});
const s3 = client({ forcePathStyle: true });
const send = (name, input) => s3.send(new sdk[`${name}Command`](input));
const text = async (answer) => answer.Body.transformToString();
const refused = async (name, input, code, status) => {
  const error = await send(name, input).then(() => assert.fail(`${name} succeeded`), (error) => error);
  equal([error.name, error.$metadata.httpStatusCode], [code, status]);
};

await send("CreateBucket", { Bucket: "js-shelf" });
await send("PutObject", { Bucket: "js-shelf", Key: "a b/ü", Body: "hello", Metadata: { who: "me" }, ContentType: "text/plain" });
const got = await send("GetObject", { Bucket: "js-shelf", Key: "a b/ü", ChecksumMode: "ENABLED" });
equal([await text(got), got.Metadata, got.ContentType], ["hello", { who: "me" }, "text/plain"]);
equal(await text(await send("GetObject", { Bucket: "js-shelf", Key: "a b/ü", Range: "bytes=1-3" })), "ell");
await refused("GetObject", { Bucket: "js-shelf", Key: "none" }, "NoSuchKey", 404);
await refused("HeadObject", { Bucket: "js-shelf", Key: "none" }, "NotFound", 404);
await refused("GetBucketLifecycleConfiguration", { Bucket: "js-shelf" }, "NoSuchLifecycleConfiguration", 404);
await refused("PutObject", { Bucket: "js-shelf", Key: "a b/ü", Body: "x", IfNoneMatch: "*" }, "PreconditionFailed", 412);

// A stream of unknown length goes up in parts, framed in chunks with trailing checksums.
const piece = Buffer.alloc(1024 * 1024, 7);
const stream = Readable.from((function* () { for (let count = 0; count < 12; count += 1) yield piece; })());
await new Upload({ client: s3, params: { Bucket: "js-shelf", Key: "large", Body: stream } }).done();
const large = await send("GetObject", { Bucket: "js-shelf", Key: "large" });
equal(Buffer.from(await large.Body.transformToByteArray()).equals(Buffer.concat(Array(12).fill(piece))), true);

await send("PutBucketVersioning", { Bucket: "js-shelf", VersioningConfiguration: { Status: "Enabled" } });
const { VersionId: one } = await send("PutObject", { Bucket: "js-shelf", Key: "v", Body: "one" });
await send("PutObject", { Bucket: "js-shelf", Key: "v", Body: "two" });
const marker = await send("DeleteObject", { Bucket: "js-shelf", Key: "v" });
equal(marker.DeleteMarker, true);
equal(await text(await send("GetObject", { Bucket: "js-shelf", Key: "v", VersionId: one })), "one");
const listed = await send("ListObjectVersions", { Bucket: "js-shelf", Prefix: "v" });
equal([listed.Versions.length, listed.DeleteMarkers.length], [2, 1]);

const signed = async (command, input, options) => getSignedUrl(s3, new sdk[`${command}Command`](input), { expiresIn: 60, ...options });
equal((await fetch(await signed("PutObject", { Bucket: "js-shelf", Key: "url" }), { method: "PUT", body: "sent" })).status, 200);
equal(await (await fetch(await signed("GetObject", { Bucket: "js-shelf", Key: "url" }))).text(), "sent");
const told = await signed("PutObject", { Bucket: "js-shelf", Key: "told", Metadata: { who: "me" }, StorageClass: "STANDARD_IA" });
equal((await fetch(told, { method: "PUT", body: "told" })).status, 200);
const head = await send("HeadObject", { Bucket: "js-shelf", Key: "told" });
equal([head.Metadata, head.StorageClass], [{ who: "me" }, "STANDARD_IA"]);
const late = await signed("GetObject", { Bucket: "js-shelf", Key: "url" }, { signingDate: new Date(Date.now() - 120_000) });
equal((await fetch(late)).status, 403);

await send("PutBucketCors", { Bucket: "js-shelf", CORSConfiguration: { CORSRules: [
  { AllowedMethods: ["GET"], AllowedOrigins: ["http://page.test"] }] } });
const page = await fetch(`${endpoint}/js-shelf/url`, { headers: { Origin: "http://page.test" } });
equal(page.headers.get("access-control-allow-origin"), "http://page.test");

const { Versions, DeleteMarkers } = await send("ListObjectVersions", { Bucket: "js-shelf" });
const objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
const deleted = await send("DeleteObjects", { Bucket: "js-shelf", Delete: { Objects: objects } });
equal([deleted.Deleted.length, deleted.Errors], [objects.length, undefined]);
await send("DeleteBucket", { Bucket: "js-shelf" });
await refused("HeadBucket", { Bucket: "js-shelf" }, "NotFound", 404);
console.log(`ok ${checks} checks`);
