import { serveDynamoDb } from '#test/support/serve-dynamodb.ts';

/*
 * A DynamoDB in a process of its own, for a test that kills it. Takes the data directory, and tells its URL to the
 * parent process.
 */
const [dataDir] = process.argv.slice(2);
if (dataDir === undefined) throw new Error('Expected a data directory as the first argument.');
const server = await serveDynamoDb({ dataDir });
process.send?.(server.url);
