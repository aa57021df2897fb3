/// Which rows of a list are wanted, and in what order.
package struct ListSlice: Sendable {
    package var offset: Int
    package var limit: Int
    /// By these fields, the first before the others; unknown fields are ignored.
    package var order: [ListOrder]

    package init(offset: Int, limit: Int, order: [ListOrder] = []) {
        (self.offset, self.limit, self.order) = (offset, limit, order)
    }

    /// The same slice, with another field if the last of its order is one of some.
    func ending(with field: String, after fields: Set<String>) -> ListSlice {
        guard let last = order.last, fields.contains(last.field) else { return self }
        return ListSlice(
            offset: offset,
            limit: limit,
            order: order + [ListOrder(field: field, isDescending: last.isDescending)]
        )
    }
}

/// A field to sort by, under its name in the API.
package struct ListOrder: Sendable {
    package let field: String
    package let isDescending: Bool

    package init(field: String, isDescending: Bool) { (self.field, self.isDescending) = (field, isDescending) }
}

/// Some rows of a list, and their total number.
package struct ListPage<Row: Sendable>: Sendable {
    package let count: Int
    package let rows: [Row]

    package init(count: Int, rows: [Row]) { (self.count, self.rows) = (count, rows) }
}
