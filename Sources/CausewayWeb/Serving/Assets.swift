import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// The styles, scripts and pictures of the interface.
struct Assets: Sendable {
    static let base = "/static/"

    private let files: [String: [UInt8]]

    private static let types = [
        "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml",
        "png": "image/png", "csv": "text/csv; charset=utf-8",
    ]

    init(_ resources: WebResources) throws { files = try resources.files(in: "assets") }

    func response(_ path: String) -> Response {
        let name = String(path.dropFirst(Self.base.count))
        guard let bytes = files[name] else { return Response(status: .notFound) }
        return Self.response(bytes, name: name)
    }

    /// - Parameter name: its extension tells the type.
    static func response(_ bytes: [UInt8], name: String) -> Response {
        var headers = SecurityHeaders.all
        headers[.contentType] = types[name.split(separator: ".").last.map(String.init) ?? ""] ?? "text/plain"
        // A new version has the same names, so browsers must ask again.
        headers[.cacheControl] = "max-age=300"
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
