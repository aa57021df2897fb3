/// Ranges of keys to read: neighbours are read together, and nothing of what lies between keys that are far apart. Pure.
struct KeyRange: Hashable {
    let first: Int64
    private(set) var last: Int64

    /// So many rows more are read at once sooner than by another statement.
    private static let widestGap: Int64 = 100

    /// - Parameter keys: in any order.
    /// - Returns: ranges in their order, which hold all keys, and few others.
    static func covering(_ keys: some Sequence<Int64>) -> [KeyRange] {
        keys.sorted().reduce(into: []) { ranges, key in
            if let range = ranges.last, key - range.last <= widestGap {
                ranges[ranges.count - 1].last = key
            } else {
                ranges.append(KeyRange(first: key, last: key))
            }
        }
    }
}
