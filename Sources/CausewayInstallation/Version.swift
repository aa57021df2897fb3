/// The release of this program.
package enum Version {
    /// As the command line, the API and requests to Graph name it (Semantic Versioning 2.0.0).
    package static let current = "0.1.0"
}
