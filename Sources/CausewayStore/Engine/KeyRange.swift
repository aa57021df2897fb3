/// Ranges of keys to read: neighbors are read together, and rows between distant keys are not. Pure.
struct KeyRange: Hashable {
    let first: Int64
    private(set) var last: Int64

    /// How many superfluous rows are cheaper than another statement.
    private static let widestGap: Int64 = 100

    /// - Parameter keys: in any order.
    /// - Returns: ranges in order, which contain all keys, and few others.
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
