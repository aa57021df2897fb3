import CausewayJSON
import Foundation

/// The primitive types of OData as JSON writes them (OData JSON Format 4.01, section 7.1).
enum EdmValue {
    /// Whether a value is of a type; texts must not be empty, since Graph refuses those.
    static func isValid(_ value: JSONValue, type: String) -> Bool {
        switch type {
        case "Edm.Boolean": value.bool != nil
        case "Edm.Byte", "Edm.SByte", "Edm.Int16", "Edm.Int32", "Edm.Int64": isInteger(value, type)
        case "Edm.Single", "Edm.Double", "Edm.Decimal": value.double != nil
        default: value.string.map { isValid(text: $0, type: type) } ?? false
        }
    }

    private static func isInteger(_ value: JSONValue, _ type: String) -> Bool {
        guard let number = value.integer else { return false }
        return switch type {
        case "Edm.Byte": UInt8(exactly: number) != nil
        case "Edm.SByte": Int8(exactly: number) != nil
        case "Edm.Int16": Int16(exactly: number) != nil
        case "Edm.Int32": Int32(exactly: number) != nil
        default: true
        }
    }

    private static func isValid(text: String, type: String) -> Bool {
        switch type {
        case "Edm.DateTimeOffset": Date(graphText: text) != nil
        case "Edm.Date": Date(graphText: text + "T00:00:00Z") != nil
        case "Edm.TimeOfDay": Date(graphText: "2000-01-01T\(text)Z") != nil
        case "Edm.Duration": text.wholeMatch(of: #/-?P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?/#) != nil
        case "Edm.Guid": UUID(uuidString: text) != nil
        case "Edm.Binary": !text.isEmpty && Data(base64Encoded: text) != nil
        default: !text.isEmpty
        }
    }
}
