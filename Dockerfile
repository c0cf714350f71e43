# A static binary in an empty image: nothing in it but nghe, the roots of trust
# and a place for an upload while it is read. Time zones are inside the binary.
#
#   docker build -t nghe --build-arg VERSION=1.0.0 .
#   docker run -p 8080:8080 -v nghe:/data nghe

FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w -X nghe/cli.version=$VERSION" -o /nghe .
# The volume belongs to the user below from the beginning.
RUN mkdir /data /empty && chown 65532:65532 /data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build --chown=65532:65532 /data /data
COPY --from=build --chown=65532:65532 /empty /tmp
COPY --from=build /nghe /nghe
USER 65532:65532
ENV NGHE_LISTEN=0.0.0.0:8080 NGHE_DATA=/data
EXPOSE 8080
VOLUME /data
STOPSIGNAL SIGTERM
ENTRYPOINT ["/nghe"]
