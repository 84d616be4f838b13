package app

import (
	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/vectorstore/milvus"
)

// MilvusIndex is the configuration of how Milvus finds near templates. The
// parameters that build an index count when it is made; those of a search, at
// once. Partitions and shards are of new collections alone.
type MilvusIndex struct {
	Kind       string `name:"milvus-index" help:"Index of collections of milvus-flat-below templates or more: ${enum}. All but FLAT are approximate." enum:"FLAT,HNSW,IVF_FLAT,IVF_SQ8" default:"HNSW" env:"FACEKEEP_MILVUS_INDEX" group:"Index of Milvus"`
	FlatBelow  int    `name:"milvus-flat-below" help:"Templates under which a collection is compared exactly (FLAT)." default:"100000" env:"FACEKEEP_MILVUS_FLAT_BELOW" placeholder:"N" group:"Index of Milvus"`
	Partitions int    `name:"milvus-partitions" help:"Partitions of a new collection, among which watchlists are spread." default:"64" env:"FACEKEEP_MILVUS_PARTITIONS" placeholder:"N" group:"Index of Milvus"`
	Shards     int    `name:"milvus-shards" help:"Write channels of a new collection." default:"1" env:"FACEKEEP_MILVUS_SHARDS" placeholder:"N" group:"Index of Milvus"`

	HNSWM              int `name:"milvus-hnsw-m" help:"HNSW: neighbours of a template in the graph." default:"24" env:"FACEKEEP_MILVUS_HNSW_M" placeholder:"N" group:"Index of Milvus"`
	HNSWEfConstruction int `name:"milvus-hnsw-ef-construction" help:"HNSW: breadth of the search while building." default:"300" env:"FACEKEEP_MILVUS_HNSW_EF_CONSTRUCTION" placeholder:"N" group:"Index of Milvus"`
	HNSWEf             int `name:"milvus-hnsw-ef" help:"HNSW: breadth of a search." default:"1024" env:"FACEKEEP_MILVUS_HNSW_EF" placeholder:"N" group:"Index of Milvus"`
	IVFLists           int `name:"milvus-ivf-lists" help:"IVF: clusters." default:"1024" env:"FACEKEEP_MILVUS_IVF_LISTS" placeholder:"N" group:"Index of Milvus"`
	IVFProbes          int `name:"milvus-ivf-probes" help:"IVF: clusters that a search looks at." default:"1024" env:"FACEKEEP_MILVUS_IVF_PROBES" placeholder:"N" group:"Index of Milvus"`
}

// Validate refuses values that Milvus would, by name.
func (x *MilvusIndex) Validate() error {
	for _, check := range []struct {
		value       int
		least, most int
		key         string
	}{
		{x.FlatBelow, 1, 1 << 40, "--milvus-flat-below (FACEKEEP_MILVUS_FLAT_BELOW)"},
		{x.Partitions, 1, 1024, "--milvus-partitions (FACEKEEP_MILVUS_PARTITIONS)"},
		{x.Shards, 1, 16, "--milvus-shards (FACEKEEP_MILVUS_SHARDS)"},
		{x.HNSWM, 4, 64, "--milvus-hnsw-m (FACEKEEP_MILVUS_HNSW_M)"},
		{x.HNSWEfConstruction, 8, 512, "--milvus-hnsw-ef-construction (FACEKEEP_MILVUS_HNSW_EF_CONSTRUCTION)"},
		{x.HNSWEf, 1, 32768, "--milvus-hnsw-ef (FACEKEEP_MILVUS_HNSW_EF)"},
		{x.IVFLists, 1, 65536, "--milvus-ivf-lists (FACEKEEP_MILVUS_IVF_LISTS)"},
		{x.IVFProbes, 1, x.IVFLists, "--milvus-ivf-probes (FACEKEEP_MILVUS_IVF_PROBES)"},
	} {
		if check.value < check.least || check.value > check.most {
			return face.Errorf(face.Invalid, "%s: want %d to %d", check.key, check.least, check.most)
		}
	}
	return nil
}

func (x *MilvusIndex) index() milvus.Index {
	return milvus.Index{
		Kind: milvus.IndexKind(x.Kind), FlatBelow: x.FlatBelow,
		M: x.HNSWM, EfConstruction: x.HNSWEfConstruction, Ef: x.HNSWEf,
		Lists: x.IVFLists, Probes: x.IVFProbes,
	}
}
