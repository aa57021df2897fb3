import CausewayJSON
import Foundation

/// A measured value, with its target.
struct Figure: CustomStringConvertible {
    private let what: String
    private let value: Value
    private let target: String

    /// A number and how it is written.
    struct Value {
        fileprivate let text: String

        static func rate(_ number: JSONValue?) -> Value { rate(Figure.number(number)) }
        static func rate(_ number: Double) -> Value { Value(text: "\(Int(number.rounded()))/s") }
        static func count(_ number: JSONValue?) -> Value { Value(text: "\(Int(Figure.number(number)))") }
        static func ratio(_ number: Double, places: Int = 3) -> Value { format("%.\(places)f", number) }
        static func percent(_ share: JSONValue?) -> Value { format("%.2f%%", Figure.number(share) * 100) }
        static func seconds(_ number: JSONValue?) -> Value { format("%.1f s", Figure.number(number)) }
        static func milliseconds(_ number: JSONValue?) -> Value { format("%.1f ms", Figure.number(number)) }
        static func megabytes(_ number: JSONValue?) -> Value { megabytes(Figure.number(number)) }
        static func megabytes(_ number: Double) -> Value { format("%.0f MB", number) }

        private static func format(_ format: String, _ number: Double) -> Value {
            Value(text: String(format: format, number))
        }
    }

    init(_ what: String, _ value: Value, target: String) {
        (self.what, self.value, self.target) = (what, value, target)
    }

    var description: String {
        let name = what.padding(toLength: max(56, what.count), withPad: " ", startingAt: 0)
        let figure = String(repeating: " ", count: max(0, 10 - value.text.count)) + value.text
        return "\(name)  \(figure)   target \(target)"
    }

    /// A number of a measurement's JSON; 0 if there is none.
    static func number(_ value: JSONValue?) -> Double { value?.double ?? 0 }
}
