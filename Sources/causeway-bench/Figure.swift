import CausewayJSON
import Foundation

/// A measured value, with its target.
struct Figure: CustomStringConvertible {
    private let key: String?
    private let what: String
    private let value: Value
    private let target: String

    /// A number, its unit, and how it is written.
    struct Value {
        fileprivate let number: Double
        fileprivate let unit: String
        fileprivate let text: String

        static func rate(_ number: JSONValue?) -> Value { rate(Figure.number(number)) }
        static func rate(_ number: Double) -> Value { Value(number, "1/s", "\(Int(number.rounded()))/s") }
        static func count(_ number: JSONValue?) -> Value {
            Value(Figure.number(number), "count", "\(Int(Figure.number(number)))")
        }
        static func ratio(_ number: Double, places: Int = 3) -> Value {
            Value(number, "ratio", ShortNumber.fixed(number, places: places))
        }
        static func percent(_ share: JSONValue?) -> Value {
            measure(Figure.number(share) * 100, "%", places: 2, gap: "")
        }
        static func seconds(_ number: JSONValue?) -> Value { measure(Figure.number(number), "s", places: 1) }
        static func milliseconds(_ number: JSONValue?) -> Value { measure(Figure.number(number), "ms", places: 1) }
        static func megabytes(_ number: JSONValue?) -> Value { megabytes(Figure.number(number)) }
        static func megabytes(_ number: Double) -> Value { measure(number, "MB", places: 0) }

        private static func measure(_ number: Double, _ unit: String, places: Int, gap: String = " ") -> Value {
            Value(number, unit, "\(ShortNumber.fixed(number, places: places))\(gap)\(unit)")
        }

        private init(_ number: Double, _ unit: String, _ text: String) {
            (self.number, self.unit, self.text) = (number, unit, text)
        }
    }

    /// - Parameters:
    ///   - key: the same in all builds, for results in files; nil for what they have already.
    ///   - what: the figure in words.
    init(_ key: String?, _ what: String, _ value: Value, target: String) {
        (self.key, self.what, self.value, self.target) = (key, what, value, target)
    }

    /// For results.
    var record: FigureRecord? {
        key.map { FigureRecord(key: $0, name: what, unit: value.unit, values: [value.number]) }
    }

    var description: String {
        let name = what.padding(toLength: max(72, what.count), withPad: " ", startingAt: 0)
        let figure = String(repeating: " ", count: max(0, 10 - value.text.count)) + value.text
        return "\(name)  \(figure)   target \(target)"
    }

    /// A number of a measurement's JSON; 0 if there is none.
    static func number(_ value: JSONValue?) -> Double { value?.double ?? 0 }
}
