import CausewayJSON
import CausewayStore
import HTTPTypes

/// Which part of a list is requested.
struct ListRequest: Sendable {
    let page: Int
    let pageSize: Int
    let order: [ListOrder]
    /// Words that must all be found.
    let terms: [String]

    /// - Throws: ``APIError`` if the page is not a number from 1 on.
    init(_ request: APIRequest) throws {
        let text = request.query.text("page") ?? "1"
        guard let page = Int(text), page >= 1, page < 1 << 31 else { throw APIError.detail(.notFound, "Invalid page.") }
        self.page = page
        let wanted = request.query.text("page_size").flatMap(Int.init) ?? 0
        let limits = request.services.limits
        pageSize = wanted >= 1 ? min(wanted, limits.largestPage) : limits.pageSize
        order = (request.query.text("ordering") ?? "").split(separator: ",").map { field in
            ListOrder(field: String(field.trimmingPrefix("-")), isDescending: field.hasPrefix("-"))
        }
        terms = Self.terms(of: request.query)
    }

    /// The search terms.
    static func terms(of query: APIValues) -> [String] {
        SearchTerms.terms(of: query.text("search") ?? "")
    }

    var slice: ListSlice { ListSlice(offset: (page - 1) * pageSize, limit: pageSize, order: order) }

    /// The answer: results with their position in the list.
    ///
    /// - Throws: ``APIError`` if there is no such page.
    func envelope(count: Int, _ results: [JSONValue]) throws -> APIResponse {
        let pages = max(1, (count + pageSize - 1) / pageSize)
        guard page <= pages else { throw APIError.detail(.notFound, "Invalid page.") }
        let start = count == 0 ? 0 : (page - 1) * pageSize + 1
        let end = count == 0 ? 0 : min(page * pageSize, count)
        let numbers = [
            "next": page < pages ? page + 1 : 0, "previous": page - 1, "count": count, "current": page,
            "total_pages": pages, "start_index": start, "end_index": end,
        ]
        return .ok([
            "pagination": .object(numbers.mapValues { .integer(Int64($0)) }), "results": .array(results),
            "autocomplete": [:],
        ])
    }

    /// The answer for a list that is short enough to be filtered in memory.
    ///
    /// - Parameters:
    ///   - searched: the fields that are searched, with a point before a member of an object.
    ///   - standard: the order if the client names none.
    func envelope(of all: [JSONValue], searched: [String], standard: [String]) throws -> APIResponse {
        let found = all.filter { object in
            terms.allSatisfy { term in
                searched.contains { object.text(at: $0).lowercased().contains(term.lowercased()) }
            }
        }
        let order =
            (self.order.filter { field in found.first?[field.field] != nil })
            + standard.map { ListOrder(field: $0, isDescending: false) }
        let sorted = found.sorted { left, right in
            for field in order {
                let (left, right) = (left[field.field] ?? .null, right[field.field] ?? .null)
                if left != right { return left.precedes(right) != field.isDescending }
            }
            return false
        }
        let page = sorted.dropFirst((page - 1) * pageSize).prefix(pageSize)
        return try envelope(count: found.count, Array(page))
    }
}

extension JSONValue {
    /// The text in a field; empty if there is none.
    fileprivate func text(at field: String) -> String {
        field.split(separator: ".").reduce(self) { $0[String($1)] ?? .null }.string ?? ""
    }

    /// An order over the values of one field.
    fileprivate func precedes(_ other: JSONValue) -> Bool {
        switch (self, other) {
        case (.string(let left), .string(let right)): left < right
        case (.integer(let left), .integer(let right)): left < right
        case (.bool(let left), .bool(let right)): !left && right
        case (.null, _): true
        default: false
        }
    }
}
