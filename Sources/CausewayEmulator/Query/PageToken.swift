import CausewayJSON
import Foundation

/// Where a list continues, as an opaque text that expires.
struct PageToken: Sendable {
    struct Place: Sendable {
        /// In the table of entries; of a sorted list, among its elements.
        var number = 0
        /// The sorted list of the position.
        var list: Int?

        var isFirst: Bool { number == 0 }
    }

    let place: Place
    let issued: Date

    /// Base64url of JSON: it is not meant to be read, and reading it does no harm.
    var text: String {
        let json: JSONValue = [
            "p": .integer(Int64(place.number)), "l": place.list.map { .integer(Int64($0)) } ?? .null,
            "t": .number(issued.timeIntervalSince1970),
        ]
        return json.bytes.base64URL
    }

    init(place: Place, issued: Date) { (self.place, self.issued) = (place, issued) }

    /// - Throws: ``GraphProblem`` if the token is damaged or too old.
    init(_ text: String, now: Date, lifetime: Double) throws(GraphProblem) {
        guard let bytes = Data(base64URL: text), let json = try? JSONValue(parsing: bytes),
            let place = json["p"]?.integer, place >= 0, let time = json["t"]?.double
        else {
            throw .badRequest(
                "The specified page token value is not valid.",
                detail: "InvalidValue",
                target: "$skiptoken"
            )
        }
        self.place = Place(number: Int(place), list: json["l"]?.integer.map { Int($0) })
        issued = Date(timeIntervalSince1970: time)
        guard now.timeIntervalSince(issued) <= lifetime else {
            throw GraphProblem(
                status: 400,
                code: "Directory_ExpiredPageToken",
                message: "The specified page token value has expired and can no longer be included in your request."
            )
        }
    }
}

extension Sequence<UInt8> {
    /// Base64url without padding (RFC 4648, section 5).
    var base64URL: String {
        Data(self).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}

extension Data {
    /// Reads base64url, with or without padding.
    init?(base64URL text: String) {
        let plain = text.replacing("-", with: "+").replacing("_", with: "/").filter { $0 != "=" }
        self.init(base64Encoded: plain + String(repeating: "=", count: (4 - plain.count % 4) % 4))
    }
}
