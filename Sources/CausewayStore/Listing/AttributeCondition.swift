package import CausewayJSON

/// A condition on attributes: a path of names inwards, and the value that must be there. In a list, a number counts its elements
/// from 0; a path that ends with an ``AttributeComparison`` compares with the value.
package typealias AttributeCondition = (path: [String], value: JSONValue)

/// How the value is compared (Django, "Field lookups").
package enum AttributeComparison: String, Sendable, CaseIterable {
    case exact, gt, gte, lt, lte

    /// Numbers are compared by value, however they are written, and texts by their letters; values of two types never match.
    func isMet(by found: JSONValue, _ value: JSONValue) -> Bool {
        switch (found.decimal, value.decimal) {
        case (let left?, let right?): return isMet(left, right)
        case (nil, nil): break
        default: return false
        }
        if let left = found.string, let right = value.string { return isMet(left, right) }
        return self == .exact && found == value
    }

    private func isMet<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
        switch self {
        case .exact: left == right
        case .gt: left > right
        case .gte: left >= right
        case .lt: left < right
        case .lte: left <= right
        }
    }
}

extension [AttributeCondition] {
    /// Whether attributes meet every one of the conditions.
    func match(_ attributes: [String: JSONValue]) -> Bool {
        allSatisfy { path, value in
            let comparison = path.count > 1 ? path.last.flatMap(AttributeComparison.init) : nil
            let names = comparison == nil ? path[...] : path.dropLast()
            guard let found = JSONValue.object(attributes).value(at: names) else { return false }
            return (comparison ?? .exact).isMet(by: found, value)
        }
    }
}

extension JSONValue {
    fileprivate func value(at path: ArraySlice<String>) -> JSONValue? {
        path.reduce(JSONValue?.some(self)) { value, name in
            guard let elements = value?.array, let index = Int(name) else { return value?[name] }
            return elements.indices.contains(index) ? elements[index] : nil
        }
    }

    /// The value of a number, however it is written.
    fileprivate var decimal: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }
}
