import Algorithms
import CausewayModel
import Synchronization

/// A row of a list after which a page can begin.
struct ListPlace: Sendable {
    /// How many rows come before what follows.
    let offset: Int
    /// The row's values in the columns of the order.
    let values: [SQLValue]
}

/// Places in one list, in one state of the database. Skipping rows takes time for each, so a deep page begins at the last place before it,
/// and a client that turns all pages reads each row once.
final class ListPlaces: Sendable {
    /// The rows between two places: so few are skipped quickly.
    private static let distance = 500
    private static let most = 1000
    private let places = Mutex<[ListPlace]>([])

    /// The last place that a page can begin after.
    func last(upTo offset: Int) -> ListPlace? {
        places.withLock { places in
            let next = places.partitioningIndex { $0.offset > offset }
            return next == 0 ? nil : places[next - 1]
        }
    }

    func note(_ place: ListPlace) {
        places.withLock { places in
            let next = places.partitioningIndex { $0.offset > place.offset }
            let before = next == 0 ? 0 : places[next - 1].offset
            guard place.offset - before >= Self.distance, places.count < Self.most else { return }
            places.insert(place, at: next)
        }
    }
}

extension ListQuery {
    /// The keys of a page, from the last place before it.
    func keys<Key>(
        _ slice: ListSlice,
        from places: ListPlaces,
        in transaction: Transaction,
        as read: (SQLRow) throws -> Key
    ) throws -> [Key] {
        let terms = terms(slice.order)
        let offset = slice.offset
        var (rest, slice) = (self, slice)
        if let place = places.last(upTo: slice.offset) {
            rest.add(terms.following, place.values)
            slice.offset -= place.offset
        }
        var (keys, last) = ([Key](), [SQLValue]())
        let columns = terms.map(\.column).joined(separator: ", ")
        try rest.visit(slice, selecting: "\(key) AS key, \(columns)", in: transaction) { row in
            keys.append(try read(row))
            if keys.count == slice.limit { last = terms.indices.map { row.value(at: $0 + 1) } }
        }
        if !last.isEmpty { places.note(ListPlace(offset: offset + keys.count, values: last)) }
        return keys
    }
}

extension Transaction {
    /// The places in a list; nil if pages cannot begin after a row.
    func places(in query: ListQuery, _ order: [ListOrder], of subject: ListMemory.Subject) throws -> ListPlaces? {
        let terms = query.terms(order)
        guard let memory, terms.canContinue else { return nil }
        let sql = "\(query.source)\(query.filter) ORDER BY \(terms.sql(connection.dialect))"
        return try memory.places(of: subject, SQLStatement(sql, query.arguments), in: self)
    }
}
