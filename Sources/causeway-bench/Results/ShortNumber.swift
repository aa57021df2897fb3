import Foundation

/// Numbers for a person.
enum ShortNumber {
    /// With about three digits that count: `12345`, `123`, `12.3`, `1.23`, `0.123`.
    static func text(_ number: Double) -> String {
        switch abs(number) {
        case 100...: fixed(number, places: 0)
        case 10...: fixed(number, places: 1)
        case 1...: fixed(number, places: 2)
        default: fixed(number, places: 3)
        }
    }

    /// What rounds to zero has no sign.
    static func fixed(_ number: Double, places: Int) -> String {
        let text = String(format: "%.\(places)f", number)
        return text.contains { $0 != "-" && $0 != "0" && $0 != "." } ? text : text.replacing("-", with: "")
    }

    /// With the digits that it needs and no more than three places: `0.05`, `2`, `500`.
    static func plain(_ number: Double) -> String {
        let text = fixed(number, places: 3)
        return String(text.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed())
    }

    /// With a comma between thousands: `300,000`.
    static func grouped(_ number: Int) -> String {
        let digits = Array(String(number))
        return digits.enumerated().map { index, digit in
            index > 0 && (digits.count - index).isMultiple(of: 3) ? ",\(digit)" : "\(digit)"
        }.joined()
    }
}
