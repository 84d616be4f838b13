// Package milvus is an index of templates in a Milvus server, shared by any
// number of Facekeep servers. It is the only importer of the Milvus SDK.
//
// Each template label has a collection of its own. A row is one face in one
// watchlist, and the watchlist is the partition key, so that a search of some
// watchlists reads their partitions only. Every write of a face makes a row with a
// fresh primary key, because Milvus has been seen to lose rows whose key comes
// back after a deletion: the new row is inserted first, then older ones are
// deleted, and a reader that meets several takes the newest. So there is no moment
// at which a face that is being replaced cannot be found.
//
// Which row is newer is told by its version, which comes from the database. So a
// write that arrives late, from a server that hung meanwhile, undoes no newer one:
// a removal takes older rows alone, and a row that is put late gives way.
//
// What a search sees is set by its Consistency. At Bounded, writes of the last
// seconds may be missing, deletions among them: whoever searches so looks at fresh
// writes elsewhere. At Strong the contract of package vectorstore holds in full,
// and a search waits for the server's time tick, some 200 ms.
package milvus
